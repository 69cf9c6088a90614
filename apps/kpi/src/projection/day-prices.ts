import { Injectable } from '@nestjs/common';
import { Database } from '@gpubroker/persistence/database';
import { InjectLogger } from '@gpubroker/platform/logging';
import type { Logger } from 'pino';
import { DAY_PRICES_SQL, lastDaysSql } from '../figures/day-prices.sql';

const EVERY_MS = 60_000;
/** As far as a trend looks back. */
const KEPT_DAYS = 30;

/** Held shared while points are added (by their trigger), alone while a day is summed up. */
export const DAY_PRICES_LOCK = `hashtextextended('kpi:day-prices', 0)`;

/**
 * Sums up days that have ended and are not kept yet, or were taken back because a point came late: each for itself, so that no
 * event waits long. What is not there yet is summed up by whoever asks for it.
 */
@Injectable()
export class DayPricesKeeper {
  private timer: NodeJS.Timeout | undefined;
  private keeping: Promise<void> | null = null;
  private stopped = false;

  constructor(
    private readonly database: Database,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  start(): void {
    const keep = () => {
      this.keeping ??= this.keep()
        .catch((error: unknown) => {
          this.logger.warn({ err: error }, 'days of prices could not be summed up, trying again in a minute');
        })
        .finally(() => {
          this.keeping = null;
        });
    };
    this.timer = setInterval(keep, EVERY_MS);
    this.timer.unref();
    keep();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.keeping;
  }

  async keep(): Promise<void> {
    for (const day of await this.missingDays()) {
      if (this.stopped) return;
      await this.database.inTransaction(async (manager) => {
        await manager.query(`SELECT pg_advisory_xact_lock(${DAY_PRICES_LOCK})`);
        await manager.query(KEEP_DAY_SQL, [KEPT_DAYS, day]);
      });
    }
    await this.database.dataSource.query(
      `DELETE FROM kpi.day_prices WHERE day < now() - interval '${KEPT_DAYS + 1} days'`,
    );
  }

  /** Newest first. */
  private async missingDays(): Promise<string[]> {
    const rows: { day: string }[] = await this.database.dataSource.query(
      `SELECT to_char(day, 'YYYY-MM-DD') AS day FROM (${lastDaysSql('$1::int')}) AS days
       WHERE ends < now() AND NOT EXISTS (SELECT FROM kpi.day_prices AS kept WHERE kept.day = days.day)
       ORDER BY day DESC`,
      [KEPT_DAYS],
    );
    return rows.map(({ day }) => day);
  }
}

const KEEP_DAY_SQL = `
  WITH days AS MATERIALIZED (
    SELECT day, ends FROM (${lastDaysSql('$1::int')}) AS days WHERE to_char(day, 'YYYY-MM-DD') = $2 AND ends < now())
  INSERT INTO kpi.day_prices (day, by_currency)
  SELECT day::date, by_currency FROM (${DAY_PRICES_SQL}) AS summed
  ON CONFLICT DO NOTHING`;
