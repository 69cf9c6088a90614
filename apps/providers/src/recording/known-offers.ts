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

/** What the database has of a provider, by the cloud's own ids. */
export async function readKnownOffers(manager: EntityManager, providerId: string): Promise<Map<string, KnownOffer>> {
  const rows: KnownRow[] = await manager.query(
    `SELECT id, external_id, fingerprint, price_per_hour, availability_status, vanished_at IS NOT NULL AS vanished, source
     FROM public.gpu_offers WHERE provider_id = $1`,
    [providerId],
  );
  return new Map(
    rows.map((row) => [
      row.external_id,
      {
        id: row.id,
        externalId: row.external_id,
        fingerprint: row.fingerprint,
        pricePerHour: row.price_per_hour,
        availability: row.availability_status,
        vanished: row.vanished,
        source: row.source,
      },
    ]),
  );
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
