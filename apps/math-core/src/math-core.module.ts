import { Module, type DynamicModule } from '@nestjs/common';
import { databaseModule } from '@gpubroker/persistence/database';
import { accessControl, type TokenTrust } from '@gpubroker/platform/auth';
import { eventFollower, eventLog, outboxRelay } from '@gpubroker/platform/events';
import { AnalyticsController } from './analytics/analytics.controller';
import { AnalyticsService } from './analytics/analytics.service';
import { PriceHistory } from './analytics/price-history';
import { MATH_CORE_SCHEMA } from './audit/audit-outbox';
import { AdminBenchmarksController } from './benchmarks/admin-benchmarks.controller';
import { AdminBenchmarksService } from './benchmarks/admin-benchmarks.service';
import { BenchmarksController } from './benchmarks/benchmarks.controller';
import { BenchmarksService } from './benchmarks/benchmarks.service';
import { BenchmarkStore } from './benchmarks/benchmark-store';
import { AlsThreads } from './collaborative/als-threads';
import { CollaborativeController } from './collaborative/collaborative.controller';
import { CollaborativeService } from './collaborative/collaborative.service';
import { CostController } from './cost/cost.controller';
import { CostService } from './cost/cost.service';
import { EfficiencyController } from './efficiency/efficiency.controller';
import { EfficiencyService } from './efficiency/efficiency.service';
import { PriceBook } from './market/price-book';
import { ProvidersClient } from './market/providers-client';
import { TopsisController } from './ranking/topsis.controller';
import { InteractionEvents } from './interactions/interaction-events.handlers';
import { CONSUMER_GROUP, InteractionStore } from './interactions/interaction-store';
import { TasteTrainer } from './interactions/taste.trainer';
import { MarketSample } from './presets/market-sample';
import { PresetsController } from './presets/presets.controller';
import { PresetsService } from './presets/presets.service';
import { RecommendController } from './recommendation/recommend.controller';
import { RecommendService } from './recommendation/recommend.service';
import { SimilarityController } from './similarity/similarity.controller';
import { WorkloadController } from './workload/workload.controller';
import { WorkloadService } from './workload/workload.service';
import { MathCoreConfig } from './math-core.config';
import { mathCoreDatabase } from './math-core.database';
import { MathCoreLifecycle } from './math-core.lifecycle';

@Module({})
export class MathCoreModule {
  static with(config: MathCoreConfig): DynamicModule {
    return {
      module: MathCoreModule,
      imports: [databaseModule(mathCoreDatabase(config))],
      controllers: [
        BenchmarksController,
        AdminBenchmarksController,
        CollaborativeController,
        CostController,
        InteractionEvents,
        PresetsController,
        RecommendController,
        TopsisController,
        SimilarityController,
        WorkloadController,
        EfficiencyController,
        AnalyticsController,
      ],
      providers: [
        { provide: MathCoreConfig, useValue: config },
        ...accessControl(({ tokenTrust }: MathCoreConfig): TokenTrust => tokenTrust, [MathCoreConfig]),
        BenchmarkStore,
        BenchmarksService,
        AdminBenchmarksService,
        { provide: AlsThreads, useFactory: () => new AlsThreads(config.workerThreads) },
        CollaborativeService,
        eventLog('math-core', config.events),
        eventFollower({ group: CONSUMER_GROUP }),
        // What administrators do goes to the log, from where auth takes it.
        outboxRelay(MATH_CORE_SCHEMA, config.databaseDirectUrl ?? config.databaseUrl),
        InteractionStore,
        TasteTrainer,
        RecommendService,
        MarketSample,
        PresetsService,
        CostService,
        ProvidersClient,
        PriceBook,
        WorkloadService,
        EfficiencyService,
        PriceHistory,
        AnalyticsService,
        MathCoreLifecycle,
      ],
    };
  }
}
