import {
  offers,
  priceUpdates,
  PRODUCT_EVENTS,
  providerSyncs,
  type EventContract,
  type OfferState,
  type PriceUpdate,
  type ProviderSync,
} from '@gpubroker/contracts/events';
import type { SqlExecutor } from '@gpubroker/events/outbox';
import { readEvent, type EventTransport } from '@gpubroker/events/transport';
import { DAY_PRICES_LOCK } from './day-prices';
import { foldOffers, foldPrices, foldSyncs } from './fold';
import type { FoldedEvent } from './folded-event';
import { PROJECTION_LOCK } from './projection';

const BATCH = 1_000;

/** Events folded anew, by topic, and records that no reader understands. */
export interface RebuildCount {
  readonly folded: Readonly<Record<string, number>>;
  readonly unreadable: number;
}

/**
 * Folds the whole log anew, inside the caller's transaction: readers see the old tables until it commits, and nothing else
 * is folded meanwhile. Prices and syncs of before the oldest event that the log still has are kept: nothing could bring
 * them back. Marks in the inbox stay; what was folded here and is delivered later changes nothing.
 */
export async function rebuildProjection(
  transaction: SqlExecutor,
  log: Pick<EventTransport, 'replay'>,
): Promise<RebuildCount> {
  await transaction.query(`SELECT pg_advisory_xact_lock(${PROJECTION_LOCK})`);
  await transaction.query(`SELECT pg_advisory_xact_lock(${DAY_PRICES_LOCK})`);
  await transaction.query('DELETE FROM kpi.offers');
  const unreadable = { count: 0 };
  const topic = <Payload>(contract: EventContract<Payload>) => batches<Payload>(log, contract.topic, unreadable);

  const states = await foldAll(topic<OfferState>(offers), (events) => foldOffers(transaction, events));
  const points = new Clearing(transaction, 'DELETE FROM kpi.price_points WHERE at >= $1 AND at < $2');
  const prices = await foldAll(topic<PriceUpdate>(priceUpdates), async (events) => {
    await points.from(events.map(({ payload }) => payload?.timestamp));
    await foldPrices(transaction, events);
  });
  const runs = new Clearing(transaction, 'DELETE FROM kpi.syncs WHERE at >= $1 AND at < $2');
  const clouds = new Clearing(transaction, 'DELETE FROM kpi.providers WHERE last_sync_at >= $1 AND last_sync_at < $2');
  const syncs = await foldAll(topic<ProviderSync>(providerSyncs), async (events) => {
    const times = events.map(({ payload }) => payload?.at);
    await runs.from(times);
    await clouds.from(times);
    await foldSyncs(transaction, events);
  });
  for (const statement of ANEW_SQL) await transaction.query(statement);
  return {
    folded: { [offers.topic]: states, [priceUpdates.topic]: prices, [providerSyncs.topic]: syncs },
    unreadable: unreadable.count,
  };
}

/** The trigger of the points knows only of those that are added. */
const ANEW_SQL = [
  'DELETE FROM kpi.day_prices',
  'DELETE FROM kpi.last_prices',
  `INSERT INTO kpi.last_prices (offer_id, at, event_id, price_per_hour, currency, availability_status)
   SELECT DISTINCT ON (offer_id) offer_id, at, event_id, price_per_hour, currency, availability_status
   FROM kpi.price_points ORDER BY offer_id, at DESC, event_id DESC`,
];

/**
 * Removes old rows from the earliest time that was seen so far. Partitions come one after the other, so that a later batch
 * may reach further back; what was folded already lies behind, and stays.
 */
class Clearing {
  private clearedFrom: string | null = null;

  constructor(
    private readonly transaction: SqlExecutor,
    private readonly sql: string,
  ) {}

  async from(times: readonly (string | undefined)[]): Promise<void> {
    const [earliest] = times.flatMap((time) => time ?? []).sort((one, other) => Date.parse(one) - Date.parse(other));
    if (earliest === undefined) return;
    if (this.clearedFrom !== null && Date.parse(this.clearedFrom) <= Date.parse(earliest)) return;
    await this.transaction.query(this.sql, [earliest, this.clearedFrom ?? 'infinity']);
    this.clearedFrom = earliest;
  }
}

async function foldAll<Payload>(
  source: AsyncIterable<readonly FoldedEvent<Payload>[]>,
  fold: (events: readonly FoldedEvent<Payload>[]) => Promise<void>,
): Promise<number> {
  let count = 0;
  for await (const events of source) {
    await fold(events);
    count += events.length;
  }
  return count;
}

async function* batches<Payload>(
  log: Pick<EventTransport, 'replay'>,
  topic: string,
  unreadable: { count: number },
): AsyncIterable<readonly FoldedEvent<Payload>[]> {
  let batch: FoldedEvent<Payload>[] = [];
  for await (const record of log.replay(topic, 'earliest')) {
    const result = readEvent(PRODUCT_EVENTS, record);
    // readEvent has checked the payload against this topic's contract.
    if (result.kind === 'event') batch.push(result.event as FoldedEvent<Payload>);
    else unreadable.count += 1;
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
