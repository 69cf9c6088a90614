import { Module, type DynamicModule } from '@nestjs/common';
import { databaseModule } from '@gpubroker/persistence/database';
import { eventObserver, openEventLog } from '@gpubroker/platform/events';
import { LOGGER } from '@gpubroker/platform/logging';
import { ServiceMetrics } from '@gpubroker/platform/metrics';
import type { Logger } from 'pino';
import { MathCoreClient } from './costs/math-core.client';
import { RatesRefresher } from './costs/rates.refresher';
import { KpiController } from './figures/kpi.controller';
import { KpiService } from './figures/kpi.service';
import { KpiConfig } from './kpi.config';
import { kpiDatabase } from './kpi.database';
import { KpiLifecycle } from './kpi.lifecycle';
import { EVENT_LOG } from './projection/event-log.token';
import { Forgetting } from './projection/forgetting';
import { MarketEvents } from './projection/market-events.handlers';
import { MarketFollower } from './projection/market-follower';
import { Projection } from './projection/projection';
import { SnapshotController } from './reconciliation/snapshot.controller';

const projection = [Projection, MarketFollower, Forgetting];
const costs = [MathCoreClient, RatesRefresher];

@Module({})
export class KpiModule {
  static with(config: KpiConfig): DynamicModule {
    return {
      module: KpiModule,
      imports: [databaseModule(kpiDatabase(config))],
      controllers: [MarketEvents, KpiController, SnapshotController],
      providers: [
        { provide: KpiConfig, useValue: config },
        {
          provide: EVENT_LOG,
          inject: [ServiceMetrics, LOGGER],
          useFactory: (metrics: ServiceMetrics, logger: Logger) =>
            openEventLog('kpi', config.eventLog, eventObserver(metrics, logger)),
        },
        ...projection,
        ...costs,
        KpiService,
        KpiLifecycle,
      ],
    };
  }
}
