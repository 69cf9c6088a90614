import { Injectable } from '@nestjs/common';
import { macroRegionOf } from '@gpubroker/provider-adapter/normalise';
import { Database } from '@gpubroker/persistence/database';
import type { EntityManager } from 'typeorm';
import { syncInterval } from '../ingestion/sync-interval';
import { ProvidersConfig } from '../providers.config';
import type { CatalogueDelta } from './catalogue-index';
import type { CatalogueOffer, CatalogueProvider } from './catalogue-offer';
import { OfferEntity } from './offer.entity';
import { ProviderEntity } from './provider.entity';

/** Rows per query: large enough to be quick, small enough that reading one does not hold the event loop. */
const CHUNK = 2_000;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** Reads what the catalogue became since a version, from one snapshot of the database. */
@Injectable()
export class CatalogueReader {
  constructor(
    private readonly database: Database,
    private readonly config: ProvidersConfig,
  ) {}

  /** @param since null reads everything */
  changesSince(since: number | null): Promise<CatalogueDelta | null> {
    return this.database.inTransaction(async (manager) => {
      await manager.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
      const version = await readHead(manager);
      if (since !== null && version <= since) return null;
      const providers = (await manager.find(ProviderEntity)).map((row) => toProvider(row, this.config));
      const offers = await readOffers(manager, since, new Map(providers.map((provider) => [provider.id, provider])));
      return { version, offers, providers };
    });
  }
}

async function readHead(manager: EntityManager): Promise<number> {
  const rows: { version: string }[] = await manager.query('SELECT version FROM providers.catalogue_head');
  return Number(rows[0]?.version ?? 0);
}

async function readOffers(
  manager: EntityManager,
  since: number | null,
  providers: ReadonlyMap<string, CatalogueProvider>,
): Promise<CatalogueOffer[]> {
  const offers: CatalogueOffer[] = [];
  for (let after = FIRST_ID; ;) {
    const query = manager
      .createQueryBuilder(OfferEntity, 'offer')
      .select(LIST_COLUMNS)
      .where('offer.id > :after', { after });
    if (since !== null) query.andWhere('offer.catalogueVersion > :since', { since });
    const rows = await query.orderBy('offer.id').limit(CHUNK).getMany();
    for (const row of rows) offers.push(toCatalogueOffer(row, providers.get(row.providerId)));
    const last = rows.at(-1);
    if (!last || rows.length < CHUNK) return offers;
    after = last.id;
  }
}

/** The list needs no attributes, and they are the largest part of a row. */
const LIST_COLUMNS = (
  [
    'id',
    'externalId',
    'gpuType',
    'gpuFamily',
    'gpuCount',
    'gpuMemoryGb',
    'cpuCores',
    'ramGb',
    'storageGb',
    'pricePerHour',
    'pricePerNodeHour',
    'currency',
    'pricing',
    'region',
    'macroRegion',
    'availabilityStatus',
    'complianceTags',
    'source',
    'lastSeenAt',
    'priceChangedAt',
    'vanishedAt',
    'providerId',
  ] as const satisfies readonly (keyof OfferEntity)[]
).map((column) => `offer.${column}`);

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

/** Rows of the earlier build have no source: they were read from the clouds, so they count as live. */
export function toCatalogueOffer(row: OfferEntity, provider: CatalogueProvider | undefined): CatalogueOffer {
  const source = row.source ?? 'live';
  return {
    id: row.id,
    providerId: row.providerId,
    externalId: row.externalId,
    gpuType: row.gpuType,
    gpuFamily: row.gpuFamily,
    gpuCount: row.gpuCount === null ? null : Number(row.gpuCount),
    gpuMemoryGb: knownOrNull(row.gpuMemoryGb),
    cpuCores: knownOrNull(row.cpuCores),
    ramGb: knownOrNull(row.ramGb),
    storageGb: knownOrNull(row.storageGb),
    pricePerHour: Number(row.pricePerHour),
    pricePerNodeHour: row.pricePerNodeHour === null ? null : Number(row.pricePerNodeHour),
    currency: row.currency,
    pricing: row.pricing,
    region: row.region,
    macroRegion: row.macroRegion ?? (row.source === null ? macroRegionOf(row.region) : null),
    availability: row.availabilityStatus,
    complianceTags: row.complianceTags,
    source,
    lastSeenAt: row.lastSeenAt.getTime(),
    priceChangedAt: row.priceChangedAt?.getTime() ?? null,
    vanished: row.vanishedAt !== null,
    listed:
      Number(row.pricePerHour) > 0 &&
      (provider?.source === undefined || provider.source === null || provider.source === source),
  };
}

/** The earlier build's columns are NOT NULL: 0 stands for "not known" there. */
const knownOrNull = (value: number): number | null => (value === 0 ? null : value);
