import { Injectable } from '@nestjs/common';
import type { OfferSource } from '@gpubroker/contracts/offers';
import { Database } from '@gpubroker/persistence/database';
import { InjectLogger } from '@gpubroker/platform/logging';
import type { OfferBatch, ProviderOffer, RejectedRow } from '@gpubroker/provider-adapter/adapter';
import { isUpstreamError } from '@gpubroker/provider-adapter/upstream';
import type { Logger } from 'pino';
import type { ProviderEntity } from '../catalog/provider.entity';
import { readHeldPrices, readKnownOffers } from '../recording/known-offers';
import { OfferRecorder } from '../recording/offer-recorder';
import type { SyncLease } from '../recording/sync-lease';
import { SyncLog, type ProviderSeed } from '../recording/sync-log';
import { IngestionMetrics } from './ingestion.metrics';
import type { ActiveSource } from './provider-sources';
import { inSlices } from './in-slices';
import { toRecordable, type RecordableOffer } from './recordable-offer';
import { countDrop, hasTooManyBadRows } from './sanity-gate';
import { SyncDiffer, type HeldOffer, type SyncDiff } from './sync-diff';
import type { SyncOutcome } from './sync-outcome';

/** One pull, however it ended. */
export interface PulledBatch {
  readonly source: OfferSource;
  readonly startedAt: Date;
  readonly latencyMs: number;
  readonly batch: OfferBatch;
}

/** One sync of one cloud: ask, judge, compare, write. A cloud that fails costs the others nothing. */
@Injectable()
export class SyncService {
  constructor(
    private readonly database: Database,
    private readonly recorder: OfferRecorder,
    private readonly log: SyncLog,
    private readonly metrics: IngestionMetrics,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  async syncProvider({ slug, source, adapter, credentials }: ActiveSource, lease: SyncLease): Promise<void> {
    const seed = { slug, displayName: adapter.facts.displayName, apiBaseUrl: adapter.facts.defaultBaseUrl };
    const startedAt = new Date();
    const began = performance.now();
    try {
      const batch = await adapter.pull({ credentials, signal: lease.signal });
      await this.record(seed, { source, startedAt, latencyMs: performance.now() - began, batch }, lease);
    } catch (error) {
      if (!isUpstreamError(error)) throw error;
      this.logger.warn({ provider: slug, reason: error.reason }, error.message);
      const outcome = failedOutcome(source, error.reason, performance.now() - began);
      await this.finish(await this.log.provider(seed), startedAt, outcome, lease, null);
    }
  }

  /** What was pulled, by whatever road, becomes rows. */
  async record(seed: ProviderSeed, pulled: PulledBatch, lease: SyncLease): Promise<SyncOutcome> {
    const provider = await this.log.provider(seed);
    const { seen, rejected } = await toRecordables(pulled.batch, pulled.source);
    this.metrics.countRejections(provider.name, rejected);
    if (countDrop(seen.length, await this.log.countState(provider.id)) === 'hold') {
      return this.finish(
        provider,
        pulled.startedAt,
        {
          ...failedOutcome(pulled.source, 'held_row_count', pulled.latencyMs),
          offers: seen.length,
          rejected: rejected.length,
        },
        lease,
        null,
      );
    }
    return this.apply(provider, pulled, seen, rejected, lease);
  }

  private async apply(
    provider: ProviderEntity,
    pulled: PulledBatch,
    seen: readonly RecordableOffer[],
    rejected: readonly RejectedRow[],
    lease: SyncLease,
  ): Promise<SyncOutcome> {
    const complete = !hasTooManyBadRows(seen.length, rejected);
    const diff = await this.compare(provider.id, pulled, seen, complete);
    const target = { id: provider.id, slug: provider.name, lastGoodSyncAt: provider.lastGoodSyncAt };
    await this.recorder.writeOffers(lease, target, diff.writes);
    await this.recorder.vanishOffers(lease, target, diff.vanished);
    const outcome: SyncOutcome = {
      ok: complete,
      status: complete ? 'ok' : 'bad_rows',
      source: pulled.source,
      latencyMs: pulled.latencyMs,
      offers: seen.length,
      rejected: rejected.length,
      changed: diff.writes.length,
      vanished: diff.vanished.length,
      before: diff.before,
      offered: complete ? diff.offered : null,
      confirmed: complete ? diff.confirmed : null,
    };
    return this.finish(provider, pulled.startedAt, outcome, lease, diff.held);
  }

  private async compare(
    providerId: string,
    { source }: PulledBatch,
    seen: readonly RecordableOffer[],
    complete: boolean,
  ): Promise<SyncDiff> {
    const [known, heldPrices] = await this.database.inTransaction(async (manager) => [
      await readKnownOffers(manager, providerId),
      await readHeldPrices(manager, providerId),
    ]);
    const differ = new SyncDiffer(known, heldPrices, source);
    await inSlices(seen, (slice) => {
      differ.add(slice);
    });
    return differ.finish(complete);
  }

  private async finish(
    provider: ProviderEntity,
    startedAt: Date,
    outcome: SyncOutcome,
    lease: SyncLease,
    held: readonly HeldOffer[] | null,
  ): Promise<SyncOutcome> {
    await this.log.finish(lease, provider, startedAt, outcome, held);
    this.metrics.countSync(provider.name, outcome, held?.length ?? 0);
    this.logger.info({ provider: provider.name, ...outcome, held: held?.length ?? 0 }, 'sync finished');
    return outcome;
  }
}

async function toRecordables(
  batch: OfferBatch,
  source: OfferSource,
): Promise<{ seen: RecordableOffer[]; rejected: RejectedRow[] }> {
  const seen: RecordableOffer[] = [];
  const ids = new Set<string>();
  const rejected: RejectedRow[] = [...batch.rejected];
  const add = (offer: ProviderOffer) => {
    const recordable = toRecordable(offer, source);
    if (!recordable)
      rejected.push({
        reason: 'out_of_range',
        row: offer.externalId,
        detail: `price ${offer.pricePerGpuHour} cannot be kept`,
      });
    else if (ids.has(offer.externalId))
      rejected.push({ reason: 'duplicate', row: offer.externalId, detail: 'the same id came twice in one answer' });
    else {
      ids.add(offer.externalId);
      seen.push(recordable);
    }
  };
  await inSlices(batch.offers, (slice) => {
    slice.forEach(add);
  });
  return { seen, rejected };
}

function failedOutcome(source: OfferSource, status: string, latencyMs: number): SyncOutcome {
  return {
    ok: false,
    status,
    source,
    latencyMs,
    offers: 0,
    rejected: 0,
    changed: 0,
    vanished: 0,
    before: 0,
    offered: null,
    confirmed: null,
  };
}
