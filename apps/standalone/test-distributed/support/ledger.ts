import { eventually } from '@gpubroker/testing/eventually';
import { priceUpdates, type PriceUpdate } from '@gpubroker/contracts/events';
import { listDeadLetters } from '@gpubroker/events/dead-letters';
import type { EventRecord, StoredRecord } from '@gpubroker/events/transport';
import { openEventLog, type EventLog } from '@gpubroker/platform/events';
import { Pool } from 'pg';
import { CLOUDS } from './market-floor';

/** One price change, as every party can be asked for it. */
export interface Change {
  readonly offerId: string;
  /** Per GPU-hour, as a number: that is what travels. */
  readonly price: number;
  readonly availability: string;
}

/** A change with the id it travelled under. */
export interface Sighting extends Change {
  readonly eventId: string;
}

export const toSighting = (update: PriceUpdate): Sighting => ({
  eventId: update.event_id,
  offerId: update.offer_id,
  price: update.new_price,
  availability: update.availability_status,
});

/** Reads what the database and the log say, for comparisons. */
export class Ledger {
  readonly pool: Pool;

  constructor(
    private readonly databaseUrl: string,
    private readonly kafkaBrokers: readonly string[],
  ) {
    this.pool = new Pool({ connectionString: databaseUrl, max: 3 });
    // Unheard, the end of an idle connection would end Jest.
    this.pool.on('error', () => undefined);
  }

  /** Keeps clouds from being asked, as an administrator does. */
  async retire(slugs: readonly string[]): Promise<void> {
    await this.pool.query(
      `INSERT INTO public.providers (id, name, display_name, api_base_url, status, reliability_score, error_count, created_at)
       SELECT gen_random_uuid(), slug, slug, '', 'inactive', 0, 0, now() FROM unnest($1::text[]) AS slug`,
      [slugs],
    );
  }

  async history(): Promise<Change[]> {
    const { rows } = await this.pool.query<{ offer_id: string; price_per_hour: string; availability_status: string }>(
      'SELECT offer_id, price_per_hour, availability_status FROM public.price_history ORDER BY id',
    );
    return rows.map((row) => ({
      offerId: row.offer_id,
      price: Number(row.price_per_hour),
      availability: row.availability_status,
    }));
  }

  async historyCount(): Promise<number> {
    return this.count('public.price_history');
  }

  /** Every record of the topic, repeated ones too, oldest first within an offer. */
  async published(): Promise<Sighting[]> {
    return this.withLog(async ({ transport }) => {
      const found: Sighting[] = [];
      for await (const { value } of transport.replay(priceUpdates.topic, 'earliest')) {
        if (value !== null) found.push(toSighting(JSON.parse(value) as PriceUpdate));
      }
      return found;
    });
  }

  /** Appends to the log past every service, as a faulty or a newer producer would. */
  async append(records: readonly EventRecord[]): Promise<void> {
    await this.withLog(({ transport }) => transport.publish(records));
  }

  /** What a group put aside. */
  async putAside(group: string): Promise<StoredRecord[]> {
    return this.withLog(({ transport }) => listDeadLetters(transport, priceUpdates.topic, { group }));
  }

  /** What the consumer did, in its order. */
  async handled(): Promise<(Sighting & { readonly member: string })[]> {
    const { rows } = await this.pool.query<{
      event_id: string;
      offer_id: string;
      price: string;
      availability: string;
      member: string;
    }>('SELECT event_id, offer_id, price, availability, member FROM kpi_like.handled ORDER BY position');
    return rows.map((row) => ({
      eventId: row.event_id,
      offerId: row.offer_id,
      price: Number(row.price),
      availability: row.availability,
      member: row.member,
    }));
  }

  async handledCount(): Promise<number> {
    return this.count('kpi_like.handled');
  }

  async deliveredCount(): Promise<number> {
    return this.count('kpi_like.deliveries');
  }

  async waiting(): Promise<number> {
    return this.count('providers.outbox');
  }

  /** Until reading every cloud twice more, from start to end, finds nothing to write, and all events have left the outbox. */
  async untilAllIsWritten(clouds: readonly string[] = CLOUDS): Promise<void> {
    for (let before = -1, now = 0; before !== now;) {
      before = await this.historyCount();
      await this.untilReadAgain(clouds);
      await eventually(
        () => this.waiting(),
        (waiting) => waiting === 0,
        { timeoutMs: 60_000, everyMs: 100 },
      );
      now = await this.historyCount();
    }
  }

  private async untilReadAgain(clouds: readonly string[]): Promise<void> {
    const { rows } = await this.pool.query<{ now: string }>('SELECT clock_timestamp()::text AS now');
    await eventually(
      () =>
        this.pool.query(
          `SELECT name FROM public.providers AS provider JOIN providers.sync_runs AS run ON run.provider_id = provider.id
           WHERE name = ANY ($1) AND run.ok AND run.started_at > $2 GROUP BY name HAVING count(*) >= 2`,
          [clouds, rows[0]?.now],
        ),
      ({ rowCount }) => rowCount === clouds.length,
      { timeoutMs: 90_000, everyMs: 200 },
    );
  }

  async close(): Promise<void> {
    await this.pool.end();
  }

  private async withLog<T>(use: (log: EventLog) => Promise<T>): Promise<T> {
    const onKafka = this.kafkaBrokers.length > 0;
    const log = openEventLog(
      'ledger',
      {
        kafkaBrokers: this.kafkaBrokers,
        databaseUrl: onKafka ? null : this.databaseUrl,
        databaseDirectUrl: onKafka ? null : this.databaseUrl,
      },
      {},
    );
    try {
      return await use(log);
    } finally {
      await log.close();
    }
  }

  private async count(table: string): Promise<number> {
    const { rows } = await this.pool.query<{ count: string }>(`SELECT count(*) FROM ${table}`);
    return Number(rows[0]?.count ?? 0);
  }
}
