import type { DatabaseDefinition } from '@gpubroker/persistence/database';
import { OfferEntity } from './catalog/offer.entity';
import { PriceHistoryEntity } from './catalog/price-history.entity';
import { ProviderEntity } from './catalog/provider.entity';
import { providersMigrations } from './migrations';
import type { ProvidersConfig } from './providers.config';
import { PROVIDERS_SCHEMA } from './recording/write-offers.sql';

/** Tables of spec/001 in public, everything else of the service in a schema of its own. */
export function providersDatabase(
  config: Pick<ProvidersConfig, 'databaseUrl' | 'databaseDirectUrl' | 'databasePoolSize'>,
): DatabaseDefinition {
  return {
    name: 'providers',
    url: config.databaseUrl,
    directUrl: config.databaseDirectUrl,
    poolSize: config.databasePoolSize,
    entities: [ProviderEntity, OfferEntity, PriceHistoryEntity],
    migrations: providersMigrations,
    schema: PROVIDERS_SCHEMA,
  };
}
