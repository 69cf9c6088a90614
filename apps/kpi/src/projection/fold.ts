import type { OfferState, PriceUpdate, ProviderSync } from '@gpubroker/contracts/events';
import type { SqlExecutor } from '@gpubroker/events/outbox';
import type { FoldedEvent } from './folded-event';
import { newestStates } from './newest-states';

/**
 * Each takes many events into the tables with one or two statements, inside the caller's transaction. All of them may be
 * repeated, and an older state never replaces a newer one: then nothing changes.
 */
export async function foldOffers(transaction: SqlExecutor, events: readonly FoldedEvent<OfferState>[]): Promise<void> {
  const { states, removed } = newestStates(events);
  if (states.length > 0) await transaction.query(KEEP_STATES_SQL, [JSON.stringify(states)]);
  if (removed.length > 0) await transaction.query(REMOVE_OFFERS_SQL, [JSON.stringify(removed)]);
}

export async function foldPrices(transaction: SqlExecutor, events: readonly FoldedEvent<PriceUpdate>[]): Promise<void> {
  const updates = events.flatMap(({ payload }) => payload ?? []);
  if (updates.length > 0) await transaction.query(KEEP_POINTS_SQL, [JSON.stringify(updates)]);
}

export async function foldSyncs(transaction: SqlExecutor, events: readonly FoldedEvent<ProviderSync>[]): Promise<void> {
  const syncs = events.flatMap(({ id, payload }) => (payload === null ? [] : { ...payload, event_id: id }));
  if (syncs.length === 0) return;
  await transaction.query(KEEP_SYNCS_SQL, [JSON.stringify(syncs)]);
  await transaction.query(KEEP_CLOUDS_SQL, [JSON.stringify(syncs)]);
}

/** Columns as the payload names them; in the order of their keys, so that two writers cannot block each other. */
const OFFER_COLUMNS = [
  ['provider', 'text'],
  ['gpu_type', 'text'],
  ['gpu_family', 'text'],
  ['gpu_count', 'numeric'],
  ['price_per_hour', 'numeric'],
  ['currency', 'text'],
  ['pricing', 'text'],
  ['region', 'text'],
  ['availability_status', 'text'],
  ['source', 'text'],
  ['listed', 'boolean'],
  ['last_seen_at', 'timestamptz'],
  ['observed_at', 'timestamptz'],
] as const;
const OFFER_NAMES = OFFER_COLUMNS.map(([name]) => name).join(', ');

const KEEP_STATES_SQL = `
  INSERT INTO kpi.offers AS kept (offer_id, ${OFFER_NAMES})
  SELECT offer_id, ${OFFER_NAMES}
  FROM jsonb_to_recordset($1::jsonb) AS sent (offer_id text, ${OFFER_COLUMNS.map(([name, type]) => `${name} ${type}`).join(', ')})
  ORDER BY offer_id
  ON CONFLICT (offer_id) DO UPDATE SET gone = false,
    ${OFFER_COLUMNS.map(([name]) => `${name} = EXCLUDED.${name}`).join(', ')}
  WHERE kept.observed_at <= EXCLUDED.observed_at`;

/** The row stays, so that a state from before the tombstone stays older than what is known. */
const REMOVE_OFFERS_SQL = `
  UPDATE kpi.offers AS kept SET gone = true
  FROM jsonb_to_recordset($1::jsonb) AS sent (offer_id text, at timestamptz)
  WHERE kept.offer_id = sent.offer_id AND kept.observed_at <= sent.at`;

const KEEP_POINTS_SQL = `
  INSERT INTO kpi.price_points (offer_id, at, event_id, provider, gpu_type, price_per_hour, currency, availability_status)
  SELECT offer_id, timestamp, event_id, provider, gpu_type, new_price, currency, availability_status
  FROM jsonb_to_recordset($1::jsonb) AS sent (offer_id text, timestamp timestamptz, event_id uuid, provider text,
    gpu_type text, new_price numeric, currency text, availability_status text)
  ORDER BY offer_id, timestamp
  ON CONFLICT DO NOTHING`;

const SYNCS = `jsonb_to_recordset($1::jsonb) AS sent (event_id uuid, provider text, ok boolean, latency_ms float8,
  at timestamptz, source text, interval_seconds float8, last_good_sync_at timestamptz)`;

const KEEP_SYNCS_SQL = `
  INSERT INTO kpi.syncs (event_id, provider, ok, latency_ms, at)
  SELECT event_id, provider, ok, latency_ms, at FROM ${SYNCS} ORDER BY event_id
  ON CONFLICT DO NOTHING`;

/** The newest sync of each cloud says its source and pace; a good one before the newest still counts as the last good. */
const KEEP_CLOUDS_SQL = `
  INSERT INTO kpi.providers AS kept (provider, source, interval_seconds, last_sync_at, last_good_sync_at)
  SELECT DISTINCT ON (provider) provider, source, interval_seconds, at,
    max(coalesce(last_good_sync_at, CASE WHEN ok THEN at END)) OVER (PARTITION BY provider)
  FROM ${SYNCS} ORDER BY provider, at DESC
  ON CONFLICT (provider) DO UPDATE SET
    source = CASE WHEN kept.last_sync_at <= EXCLUDED.last_sync_at THEN coalesce(EXCLUDED.source, kept.source) ELSE kept.source END,
    interval_seconds = CASE WHEN kept.last_sync_at <= EXCLUDED.last_sync_at
      THEN coalesce(EXCLUDED.interval_seconds, kept.interval_seconds) ELSE kept.interval_seconds END,
    last_sync_at = greatest(kept.last_sync_at, EXCLUDED.last_sync_at),
    last_good_sync_at = greatest(kept.last_good_sync_at, EXCLUDED.last_good_sync_at)`;
