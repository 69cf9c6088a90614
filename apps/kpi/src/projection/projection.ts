import { Injectable } from '@nestjs/common';
import type { OfferState, PriceUpdate, ProviderSync } from '@gpubroker/contracts/events';
import { Inbox } from '@gpubroker/events/inbox';
import type { SqlExecutor } from '@gpubroker/events/outbox';
import { DependencyUnavailableError } from '@gpubroker/events/transport';
import { Database } from '@gpubroker/persistence/database';
import { KPI_SCHEMA } from '../kpi.database';
import { foldOffers, foldPrices, foldSyncs } from './fold';
import type { FoldedEvent } from './folded-event';

export const CONSUMER_GROUP = 'kpi';

/** Held shared by every fold and alone by a rebuild: what is folded meanwhile would be lost with the old rows. */
export const PROJECTION_LOCK = `hashtextextended('kpi:projection', 0)`;

type Fold<Payload> = (transaction: SqlExecutor, events: readonly FoldedEvent<Payload>[]) => Promise<void>;

/** Folds events, each once: their marks in the inbox and what they do are one transaction. */
@Injectable()
export class Projection {
  private readonly inbox = new Inbox(KPI_SCHEMA, CONSUMER_GROUP);

  constructor(private readonly database: Database) {}

  offers(events: readonly FoldedEvent<OfferState>[]): Promise<void> {
    return this.once(events, foldOffers);
  }

  prices(events: readonly FoldedEvent<PriceUpdate>[]): Promise<void> {
    return this.once(events, foldPrices);
  }

  syncs(events: readonly FoldedEvent<ProviderSync>[]): Promise<void> {
    return this.once(events, foldSyncs);
  }

  private async once<Payload>(events: readonly FoldedEvent<Payload>[], fold: Fold<Payload>): Promise<void> {
    await this.database.inTransaction(async (manager) => {
      await assertNotRebuilt(manager);
      const ids = events.map(({ id }) => id);
      const fresh = await this.inbox.claimNew(manager, ids);
      await fold(
        manager,
        events.filter(({ id }) => fresh.has(id)),
      );
    });
  }
}

/** Does not wait: a rebuild takes longer than a statement may. The event comes again until it is over. */
async function assertNotRebuilt(manager: SqlExecutor): Promise<void> {
  const rows = (await manager.query(`SELECT pg_try_advisory_xact_lock_shared(${PROJECTION_LOCK}) AS free`)) as {
    free: boolean;
  }[];
  if (rows[0]?.free !== true) throw new DependencyUnavailableError('the projection is being rebuilt');
}
