import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Database } from '@gpubroker/persistence/database';
import type { EntityManager } from 'typeorm';
import { CATALOGUE_CHANNEL } from '../catalog/catalogue-follower';
import type { HeldOffer, KnownOffer, OfferWrite } from '../ingestion/sync-diff';
import type { SyncLease } from './sync-lease';
import { incomingRows } from './offer-columns.sql';
import { INSERT_OFFERS_SQL, UPDATE_OFFERS_SQL, VANISH_OFFERS_SQL } from './write-offers.sql';

/** Rows per transaction: the head row stays locked, and the event loop busy, no longer than a chunk takes. */
const CHUNK = 2_000;

/** Below the limit of a statement, so that waiting too long is told apart from a slow write. */
const HEAD_PATIENCE_MS = 4_500;

export interface RecordedProvider {
  readonly id: string;
  readonly slug: string;
  readonly lastGoodSyncAt: Date | null;
}

/** Writes what a sync found: rows, price history and events together, chunk by chunk. */
@Injectable()
export class OfferRecorder {
  constructor(private readonly database: Database) {}

  async writeOffers(lease: SyncLease, provider: RecordedProvider, writes: readonly OfferWrite[]): Promise<void> {
    const known = writes.filter(({ isNew }) => !isNew);
    const unseen = writes.filter(({ isNew }) => isNew);
    await this.writeChunks(lease, UPDATE_OFFERS_SQL, [provider.slug], known);
    await this.writeChunks(lease, INSERT_OFFERS_SQL, [provider.slug, provider.id], unseen);
  }

  async vanishOffers(lease: SyncLease, provider: RecordedProvider, vanished: readonly KnownOffer[]): Promise<void> {
    for (let start = 0; start < vanished.length; start += CHUNK) {
      const ids = vanished.slice(start, start + CHUNK).map(({ id }) => id);
      await this.inNextVersion(lease, (manager, version) =>
        manager.query(VANISH_OFFERS_SQL, [version, provider.slug, provider.lastGoodSyncAt, ids]),
      );
    }
  }

  /** Replaces what is held back of a provider: held prices that the last sync no longer showed are not held any more. */
  async replaceHeld(manager: EntityManager, providerId: string, held: readonly HeldOffer[]): Promise<void> {
    await manager.query(
      'DELETE FROM providers.held_offers WHERE provider_id = $1 AND NOT (external_id = ANY($2::text[]))',
      [providerId, held.map(({ externalId }) => externalId)],
    );
    if (held.length === 0) return;
    await manager.query(
      `INSERT INTO providers.held_offers (provider_id, external_id, price_per_hour, held_price_per_hour)
       SELECT $1, * FROM unnest($2::text[], $3::numeric[], $4::numeric[])
       ON CONFLICT (provider_id, external_id) DO UPDATE SET held_price_per_hour = EXCLUDED.held_price_per_hour, price_per_hour = EXCLUDED.price_per_hour`,
      [
        providerId,
        held.map(({ externalId }) => externalId),
        held.map(({ pricePerHour }) => pricePerHour),
        held.map(({ heldPricePerHour }) => heldPricePerHour),
      ],
    );
  }

  private async writeChunks(
    lease: SyncLease,
    statement: string,
    target: readonly string[],
    writes: readonly OfferWrite[],
  ): Promise<void> {
    let rows = incomingRows(writes.slice(0, CHUNK));
    for (let start = 0; start < writes.length; start += CHUNK) {
      await this.inNextVersion(lease, async (manager, version) => {
        // The next rows are made ready while the database is busy with these.
        const [ready] = await Promise.all([
          nextRows(writes, start + CHUNK),
          manager.query(statement, [version, ...target, ...rows]),
        ]);
        rows = ready;
      });
    }
  }

  /**
   * The version row is locked until commit, so versions become visible in their order and a reader that has seen one has
   * seen everything below it.
   */
  async inNextVersion(
    lease: SyncLease,
    write: (manager: EntityManager, version: string) => Promise<unknown>,
  ): Promise<void> {
    lease.signal.throwIfAborted();
    await this.database.inTransaction(async (manager) => {
      await lease.fence(manager);
      // Behind another cloud's chunks: patience costs less than a sync that has to be done again.
      await manager.query(`SET LOCAL lock_timeout = ${HEAD_PATIENCE_MS}`);
      const [[{ version }]]: [[{ version: string }], number] = await manager.query(
        `UPDATE providers.catalogue_head SET version = version + 1 RETURNING version, pg_notify('${CATALOGUE_CHANNEL}', '')`,
      );
      await write(manager, version);
    });
  }
}

async function nextRows(writes: readonly OfferWrite[], start: number): Promise<string[]> {
  await nextTurn();
  return incomingRows(writes.slice(start, start + CHUNK));
}
