import { Module, type DynamicModule } from '@nestjs/common';
import { databaseModule } from '@gpubroker/persistence/database';
import { accessControl, type TokenTrust } from '@gpubroker/platform/auth';
import { BenchmarksController } from './benchmarks/benchmarks.controller';
import { BenchmarksService } from './benchmarks/benchmarks.service';
import { BenchmarkStore } from './benchmarks/benchmark-store';
import { AlsThreads } from './collaborative/als-threads';
import { CollaborativeController } from './collaborative/collaborative.controller';
import { CollaborativeService } from './collaborative/collaborative.service';
import { CostController } from './cost/cost.controller';
import { CostService } from './cost/cost.service';
import { PriceBook } from './market/price-book';
import { ProvidersClient } from './market/providers-client';
import { TopsisController } from './ranking/topsis.controller';
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
        CollaborativeController,
        CostController,
        TopsisController,
        SimilarityController,
        WorkloadController,
      ],
      providers: [
        { provide: MathCoreConfig, useValue: config },
        ...accessControl(({ tokenTrust }: MathCoreConfig): TokenTrust => tokenTrust, [MathCoreConfig]),
        BenchmarkStore,
        BenchmarksService,
        { provide: AlsThreads, useFactory: () => new AlsThreads(config.workerThreads) },
        CollaborativeService,
        CostService,
        ProvidersClient,
        PriceBook,
        WorkloadService,
        MathCoreLifecycle,
      ],
    };
  }
}
