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

/** Rows per query: what the driver makes of them is some milliseconds of work. */
const CHUNK = 2_000;

/** What the database has of a provider, by the cloud's own ids; the caller's to use up. */
export async function readKnownOffers(manager: EntityManager, providerId: string): Promise<Map<string, KnownOffer>> {
  const known = new Map<string, KnownOffer>();
  for (let after = ''; ;) {
    // Row by row in the order of the unique index: the lease keeps other writers of this provider away meanwhile.
    const rows: KnownRow[] = await manager.query(
      `SELECT id, external_id, fingerprint, price_per_hour, availability_status, vanished_at IS NOT NULL AS vanished, source
       FROM public.gpu_offers WHERE provider_id = $1 AND external_id > $2 ORDER BY external_id LIMIT ${CHUNK}`,
      [providerId, after],
    );
    for (const row of rows) known.set(row.external_id, toKnown(row));
    const last = rows.at(-1);
    if (!last || rows.length < CHUNK) return known;
    after = last.external_id;
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
