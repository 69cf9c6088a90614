import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Database } from '@gpubroker/persistence/database';
import type { EntityManager } from 'typeorm';
import { syncInterval } from '../ingestion/sync-interval';
import { ProvidersConfig } from '../providers.config';
import type { CatalogueDelta } from './catalogue-index';
import type { CatalogueOffer, CatalogueProvider } from './catalogue-offer';
import { CATALOGUE_ROW_SQL, CatalogueRowReader, type CatalogueRow } from './catalogue-row';
import { ProviderEntity } from './provider.entity';
import type { GpuRate } from './unit-costs';

/** Rows per fetch: large enough to be quick, small enough that reading one does not hold the event loop. */
const FETCH_ROWS = 1_000;

/** Reads what the catalogue became since a version, from one snapshot of the database. */
@Injectable()
export class CatalogueReader {
  private readonly rows = new CatalogueRowReader();

  constructor(
    private readonly database: Database,
    private readonly config: ProvidersConfig,
  ) {}

  /** The newest version: one number, to be asked often. */
  head(): Promise<number> {
    return readHead(this.database.dataSource);
  }

  /** @param since null reads everything */
  changesSince(since: number | null): Promise<CatalogueDelta | null> {
    return this.database.inTransaction(async (manager) => {
      await manager.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
      const version = await readHead(manager);
      if (since !== null && version <= since) return null;
      const providers = (await manager.find(ProviderEntity)).map((row) => toProvider(row, this.config));
      return {
        version,
        offers: await this.readOffers(manager, since),
        providers,
        rates: await this.readRates(manager, since),
      };
    });
  }

  /** None without enrichment: what an earlier start asked for is not shown then. */
  private async readRates(manager: EntityManager, since: number | null): Promise<GpuRate[]> {
    if (this.config.enrichment === null) return [];
    return manager.query(
      `SELECT gpu_type AS "gpuType", gpu_model AS "gpuModel", tokens_per_second AS "tokensPerSecond", gflops, reason, assumptions
       FROM providers.gpu_rates WHERE catalogue_version > $1`,
      [since ?? -1],
    );
  }

  private async readOffers(manager: EntityManager, since: number | null): Promise<CatalogueOffer[]> {
    const changed = since === null ? '' : `WHERE catalogue_version > ${since}`;
    await manager.query(
      `DECLARE changed_offers NO SCROLL CURSOR FOR SELECT ${CATALOGUE_ROW_SQL} FROM public.gpu_offers ${changed}`,
    );
    const offers: CatalogueOffer[] = [];
    for (;;) {
      const rows: CatalogueRow[] = await manager.query(`FETCH ${FETCH_ROWS} FROM changed_offers`);
      for (const row of rows) offers.push(this.rows.toOffer(row));
      if (rows.length < FETCH_ROWS) return offers;
      await nextTurn();
    }
  }
}

async function readHead(manager: Pick<EntityManager, 'query'>): Promise<number> {
  const rows: { version: string }[] = await manager.query('SELECT version FROM providers.catalogue_head');
  return Number(rows[0]?.version ?? 0);
}

export function toProvider(
  row: ProviderEntity,
  config: Pick<ProvidersConfig, 'syncIntervalSeconds' | 'emulatorSpeed'>,
): CatalogueProvider {
  const observed = row.lastGoodSyncAt !== null || row.reliabilityScore > 0;
  return {
    id: row.id,
    slug: row.name,
    displayName: row.displayName,
    status: row.status,
    source: row.source,
    reliabilityScore: observed ? row.reliabilityScore : null,
    lastGoodSyncAt: (row.lastGoodSyncAt ?? row.lastSyncAt)?.getTime() ?? null,
    syncIntervalSeconds: syncInterval(
      row.syncIntervalSeconds ?? config.syncIntervalSeconds,
      row.source,
      config.emulatorSpeed,
    ),
  };
}
