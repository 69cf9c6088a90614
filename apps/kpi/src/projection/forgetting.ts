import { Injectable } from '@nestjs/common';
import { Inbox } from '@gpubroker/events/inbox';
import type { SqlExecutor } from '@gpubroker/events/outbox';
import { Database } from '@gpubroker/persistence/database';
import { InjectLogger } from '@gpubroker/platform/logging';
import type { Logger } from 'pino';
import { KPI_SCHEMA } from '../kpi.database';
import { CONSUMER_GROUP } from './projection';

const EVERY_MS = 3_600_000;
/** The longest window is 30 days of prices, and a day of syncs. */
const KEEP_POINTS_DAYS = 31;
const KEEP_SYNCS_DAYS = 8;
/** Longer than the log keeps events: one that came again would else be folded again. */
const KEEP_MARKS_MS = 9 * 86_400_000;

/** Removes what no window reaches back to. */
@Injectable()
export class Forgetting {
  private readonly inbox = new Inbox(KPI_SCHEMA, CONSUMER_GROUP);
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  start(): void {
    this.timer = setInterval(() => {
      this.forget(new Date()).catch((error: unknown) => {
        this.logger.warn({ err: error }, 'old prices could not be removed, trying again in an hour');
      });
    }, EVERY_MS);
    this.timer.unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  async forget(now: Date): Promise<void> {
    const { dataSource } = this.database;
    await forgetPoints(dataSource, daysBefore(now, KEEP_POINTS_DAYS));
    await dataSource.query('DELETE FROM kpi.syncs WHERE at < $1', [daysBefore(now, KEEP_SYNCS_DAYS)]);
    await this.inbox.prune(dataSource, new Date(now.getTime() - KEEP_MARKS_MS));
  }
}

const daysBefore = (now: Date, days: number) => new Date(now.getTime() - days * 86_400_000);

/** The newest point before the horizon is the price in force at it, and stays; unless the offer was not to be had then. */
async function forgetPoints(connection: SqlExecutor, horizon: Date): Promise<void> {
  await connection.query(
    `DELETE FROM kpi.price_points AS old WHERE at < $1 AND (availability_status = 'unavailable' OR EXISTS (
       SELECT 1 FROM kpi.price_points AS newer
       WHERE newer.offer_id = old.offer_id AND newer.at < $1 AND (newer.at, newer.event_id) > (old.at, old.event_id)))`,
    [horizon],
  );
  await connection.query("DELETE FROM kpi.last_prices WHERE at < $1 AND availability_status = 'unavailable'", [
    horizon,
  ]);
}
