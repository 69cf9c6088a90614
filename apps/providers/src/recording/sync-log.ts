import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { providerSyncs } from '@gpubroker/contracts/events';
import type { OfferSource } from '@gpubroker/contracts/offers';
import { appendToOutbox, newEvent } from '@gpubroker/events/outbox';
import { Database } from '@gpubroker/persistence/database';
import type { EntityManager } from 'typeorm';
import { ProviderEntity } from '../catalog/provider.entity';
import { ProvidersConfig } from '../providers.config';
import { listingTruth } from '../ingestion/listing-truth';
import { reliabilityScore, type ObservedSync } from '../ingestion/reliability';
import type { CountState } from '../ingestion/sanity-gate';
import type { HeldOffer } from '../ingestion/sync-diff';
import { syncInterval } from '../ingestion/sync-interval';
import type { SyncOutcome } from '../ingestion/sync-outcome';
import { OfferRecorder } from './offer-recorder';
import type { SyncLease } from './sync-lease';
import { PROVIDERS_SCHEMA } from './write-offers.sql';

/** Runs that the reliability score looks back on. */
const OBSERVED = { hours: 24, runs: 500 } as const;

export interface ProviderSeed {
  readonly slug: string;
  readonly displayName: string;
  readonly apiBaseUrl: string;
}

/** The memory of syncs: which clouds there are, how each sync went, what that says about the cloud. */
@Injectable()
export class SyncLog {
  constructor(
    private readonly database: Database,
    private readonly recorder: OfferRecorder,
    private readonly config: ProvidersConfig,
  ) {}

  /** The provider's row, made at first sight. */
  async provider({ slug, displayName, apiBaseUrl }: ProviderSeed): Promise<ProviderEntity> {
    await this.database.dataSource.query(
      `INSERT INTO public.providers (id, name, display_name, api_base_url, status, reliability_score, error_count, created_at)
       VALUES ($1, $2, $3, $4, 'active', 0, 0, now()) ON CONFLICT (name) DO NOTHING`,
      [randomUUID(), slug, displayName, apiBaseUrl.slice(0, 200)],
    );
    return this.database.repository(ProviderEntity).findOneByOrFail({ name: slug });
  }

  async countState(providerId: string): Promise<CountState> {
    const rows: { last_count: number | null; held_count: number | null; released: boolean }[] =
      await this.database.dataSource.query(
        'SELECT last_count, held_count, released_at IS NOT NULL AS released FROM providers.sync_state WHERE provider_id = $1',
        [providerId],
      );
    return {
      lastCount: rows[0]?.last_count ?? null,
      heldCount: rows[0]?.held_count ?? null,
      released: rows[0]?.released ?? false,
    };
  }

  /** Slugs that have rows of a real source; rows of the earlier build have none written, and were live. */
  async providersWithRealRows(): Promise<Set<string>> {
    const rows: { name: string }[] = await this.database.dataSource.query(
      `SELECT name FROM public.providers AS provider WHERE EXISTS (
         SELECT 1 FROM public.gpu_offers AS offer WHERE offer.provider_id = provider.id AND coalesce(offer.source, 'live') <> 'emulator')`,
    );
    return new Set(rows.map(({ name }) => name));
  }

  /** Closes a sync: the run, the provider's state and the event in one transaction. */
  async finish(
    lease: SyncLease,
    provider: ProviderEntity,
    startedAt: Date,
    outcome: SyncOutcome,
    held: readonly HeldOffer[] | null,
  ): Promise<void> {
    await this.recorder.inNextVersion(lease, async (manager, version) => {
      await insertRun(manager, provider.id, startedAt, outcome);
      const observed = await observedSyncs(manager, provider.id);
      const score = reliabilityScore(observed) ?? 0;
      await (outcome.ok
        ? markGood(manager, provider.id, outcome, score, version)
        : markBad(manager, provider.id, outcome, score, version));
      await keepTruth(manager, provider.id, listingTruth(observed.filter(({ ok }) => ok)));
      if (held) await this.recorder.replaceHeld(manager, provider.id, held);
      await announce(manager, outcome, await stateAfter(manager, provider.id), this.config);
    });
  }
}

async function insertRun(
  manager: EntityManager,
  providerId: string,
  startedAt: Date,
  outcome: SyncOutcome,
): Promise<void> {
  await manager.query(
    `INSERT INTO providers.sync_runs (provider_id, started_at, ok, outcome, latency_ms, offers, rejected, changed, vanished, before_count, offered, confirmed)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      providerId,
      startedAt,
      outcome.ok,
      outcome.status,
      Math.round(outcome.latencyMs),
      outcome.offers,
      outcome.rejected,
      outcome.changed,
      outcome.vanished,
      outcome.before,
      outcome.offered,
      outcome.confirmed,
    ],
  );
  await manager.query(
    `DELETE FROM providers.sync_runs WHERE provider_id = $1 AND started_at < now() - make_interval(hours => $2)`,
    [providerId, OBSERVED.hours],
  );
}

async function observedSyncs(manager: EntityManager, providerId: string): Promise<ObservedSync[]> {
  const rows: ObservedRow[] = await manager.query(
    `SELECT ok, latency_ms, before_count, vanished, offered, confirmed FROM providers.sync_runs
     WHERE provider_id = $1 ORDER BY started_at DESC LIMIT $2`,
    [providerId, OBSERVED.runs],
  );
  return rows.map(({ latency_ms, before_count, ...row }) => ({ ...row, latencyMs: latency_ms, before: before_count }));
}

interface ObservedRow {
  ok: boolean;
  latency_ms: number;
  before_count: number;
  vanished: number;
  offered: number | null;
  confirmed: number | null;
}

/** After markGood or markBad, which make the row. */
async function keepTruth(manager: EntityManager, providerId: string, truth: number | null): Promise<void> {
  await manager.query('UPDATE providers.sync_state SET listing_truth = $2 WHERE provider_id = $1', [providerId, truth]);
}

async function markGood(
  manager: EntityManager,
  providerId: string,
  outcome: SyncOutcome,
  score: number,
  version: string,
): Promise<void> {
  await manager.query(
    `UPDATE public.providers SET last_sync_at = clock_timestamp(), last_good_sync_at = clock_timestamp(), error_count = 0,
       reliability_score = $2, source = $3, catalogue_version = $4 WHERE id = $1`,
    [providerId, score, outcome.source, version],
  );
  await manager.query(
    `INSERT INTO providers.sync_state (provider_id, last_count) VALUES ($1, $2)
     ON CONFLICT (provider_id) DO UPDATE SET last_count = EXCLUDED.last_count, held_count = NULL, held_since = NULL, released_at = NULL, last_failure = NULL`,
    [providerId, outcome.offers],
  );
}

async function markBad(
  manager: EntityManager,
  providerId: string,
  outcome: SyncOutcome,
  score: number,
  version: string,
): Promise<void> {
  await manager.query(
    'UPDATE public.providers SET error_count = error_count + 1, reliability_score = $2, source = coalesce(source, $3), catalogue_version = $4 WHERE id = $1',
    [providerId, score, outcome.source satisfies OfferSource, version],
  );
  const heldCount = outcome.status === 'held_row_count' ? outcome.offers : null;
  // That the circuit is open shows as its state; what opened it is what went wrong last.
  await manager.query(
    `INSERT INTO providers.sync_state AS state (provider_id, last_failure, held_count, held_since)
     VALUES ($1, $2, $3::integer, CASE WHEN $3::integer IS NULL THEN NULL ELSE now() END)
     ON CONFLICT (provider_id) DO UPDATE SET
       last_failure = CASE WHEN EXCLUDED.last_failure = 'circuit_open' THEN coalesce(state.last_failure, 'circuit_open') ELSE EXCLUDED.last_failure END,
       held_count = coalesce(EXCLUDED.held_count, state.held_count), held_since = coalesce(state.held_since, EXCLUDED.held_since)`,
    [providerId, outcome.status, heldCount],
  );
}

interface ProviderState {
  name: string;
  source: OfferSource | null;
  sync_interval_seconds: number | null;
  last_good_sync_at: Date | null;
}

/** After markGood or markBad. What the earlier build called last_sync_at was a good one. */
async function stateAfter(manager: EntityManager, providerId: string): Promise<ProviderState> {
  const [state]: ProviderState[] = await manager.query(
    `SELECT name, source, sync_interval_seconds, coalesce(last_good_sync_at, last_sync_at) AS last_good_sync_at
     FROM public.providers WHERE id = $1`,
    [providerId],
  );
  if (state === undefined) throw new Error(`provider ${providerId} has gone while it was synced`);
  return state;
}

async function announce(
  manager: EntityManager,
  outcome: SyncOutcome,
  state: ProviderState,
  { syncIntervalSeconds, emulatorSpeed }: ProvidersConfig,
): Promise<void> {
  const event = newEvent(providerSyncs, {
    provider: state.name,
    ok: outcome.ok,
    latency_ms: outcome.latencyMs,
    offers: outcome.ok ? outcome.offers : 0,
    status: outcome.status,
    at: new Date().toISOString(),
    source: state.source,
    interval_seconds: syncInterval(state.sync_interval_seconds ?? syncIntervalSeconds, state.source, emulatorSpeed),
    last_good_sync_at: state.last_good_sync_at?.toISOString() ?? null,
  });
  await appendToOutbox(manager, PROVIDERS_SCHEMA, [event]);
}
