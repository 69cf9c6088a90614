import type { EntityManager } from 'typeorm';
import type { HeldPrice } from '../ingestion/sanity-gate';
import type { KnownOffer } from '../ingestion/sync-diff';

interface KnownRow {
  id: string;
  external_id: string;
  fingerprint: string | null;
  price_per_hour: string;
  availability_status: KnownOffer['availability'];
  vanished: boolean;
  source: KnownOffer['source'];
}

/** Rows per fetch: what the driver makes of them is some milliseconds of work. */
const FETCH_ROWS = 2_000;

/**
 * What the database has of a provider, by the cloud's own ids; the caller's to use up. By a cursor: asking chunk by chunk, the
 * planner may read and sort all of the provider's rows for each.
 * @param transaction the cursor lives in it
 */
export async function readKnownOffers(
  transaction: EntityManager,
  providerId: string,
): Promise<Map<string, KnownOffer>> {
  await transaction.query(
    `DECLARE known_offers NO SCROLL CURSOR FOR
     SELECT id, external_id, fingerprint, price_per_hour, availability_status, vanished_at IS NOT NULL AS vanished, source
     FROM public.gpu_offers WHERE provider_id = $1`,
    [providerId],
  );
  const known = new Map<string, KnownOffer>();
  for (;;) {
    const rows: KnownRow[] = await transaction.query(`FETCH ${FETCH_ROWS} FROM known_offers`);
    for (const row of rows) known.set(row.external_id, toKnown(row));
    if (rows.length < FETCH_ROWS) return known;
  }
}

function toKnown(row: KnownRow): KnownOffer {
  return {
    id: row.id,
    externalId: row.external_id,
    fingerprint: row.fingerprint,
    pricePerHour: row.price_per_hour,
    availability: row.availability_status,
    vanished: row.vanished,
    source: row.source,
  };
}

export async function readHeldPrices(manager: EntityManager, providerId: string): Promise<Map<string, HeldPrice>> {
  const rows: { external_id: string; held_price_per_hour: string; released: boolean }[] = await manager.query(
    'SELECT external_id, held_price_per_hour, released_at IS NOT NULL AS released FROM providers.held_offers WHERE provider_id = $1',
    [providerId],
  );
  return new Map(
    rows.map((row) => [row.external_id, { pricePerHour: row.held_price_per_hour, released: row.released }]),
  );
}
