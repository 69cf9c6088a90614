import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { databaseModule } from '@gpubroker/persistence/database';
import { eventLog, outboxRelay } from '@gpubroker/platform/events';
import { CatalogueFollower } from './catalog/catalogue-follower';
import { CatalogueIndex } from './catalog/catalogue-index';
import { CatalogueReader } from './catalog/catalogue-reader';
import { CloudsService } from './catalog/clouds.service';
import { OfferDetailsService } from './catalog/offer-details.service';
import { OffersController } from './catalog/offers.controller';
import { OffersService } from './catalog/offers.service';
import { TextSearch } from './catalog/text-search';
import { MathCoreClient } from './enrichment/math-core.client';
import { GpuRatesRecorder } from './enrichment/gpu-rates.recorder';
import { GpuRatesRefresher } from './enrichment/gpu-rates.refresher';
import { MathCoreState } from './enrichment/math-core.state';
import { CatalogSync } from './ingestion/catalog-sync.service';
import { IngestionMetrics } from './ingestion/ingestion.metrics';
import { ProviderSources } from './ingestion/provider-sources';
import { SyncScheduler } from './ingestion/sync.scheduler';
import { SyncService } from './ingestion/sync.service';
import { IntegrationsModule } from './integrations/integrations.module';
import { ProvidersConfig } from './providers.config';
import { providersDatabase } from './providers.database';
import { ProvidersLifecycle } from './providers.lifecycle';
import { OfferRecorder } from './recording/offer-recorder';
import { SyncLeases } from './recording/sync-lease';
import { SyncLog } from './recording/sync-log';
import { PROVIDERS_SCHEMA } from './recording/write-offers.sql';

const catalog = [
  { provide: CatalogueIndex, useFactory: () => new CatalogueIndex() },
  CatalogueReader,
  CatalogueFollower,
  TextSearch,
  OffersService,
  OfferDetailsService,
  CloudsService,
];
const recording = (config: ProvidersConfig): Provider[] => [
  SyncLeases,
  OfferRecorder,
  SyncLog,
  eventLog('providers', config.eventLog),
  outboxRelay(PROVIDERS_SCHEMA, config.databaseDirectUrl ?? config.databaseUrl),
];
const enrichment = ({ enrichment }: ProvidersConfig): Provider[] =>
  enrichment === null
    ? [MathCoreState]
    : [
        MathCoreState,
        { provide: MathCoreClient, useFactory: () => new MathCoreClient(enrichment) },
        GpuRatesRecorder,
        GpuRatesRefresher,
      ];
const ingestion = [ProviderSources, IngestionMetrics, SyncService, CatalogSync, SyncScheduler];

@Module({})
export class ProvidersModule {
  static with(config: ProvidersConfig): DynamicModule {
    return {
      module: ProvidersModule,
      imports: [databaseModule(providersDatabase(config)), IntegrationsModule.with(config)],
      controllers: [OffersController],
      providers: [
        { provide: ProvidersConfig, useValue: config },
        ...catalog,
        ...recording(config),
        ...enrichment(config),
        ...ingestion,
        ProvidersLifecycle,
      ],
    };
  }
}
