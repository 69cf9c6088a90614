import { Module, type DynamicModule } from '@nestjs/common';
import { databaseModule } from '@gpubroker/persistence/database';
import { eventFollower, eventLog } from '@gpubroker/platform/events';
import { MathCoreClient } from './costs/math-core.client';
import { RatesRefresher } from './costs/rates.refresher';
import { KpiController } from './figures/kpi.controller';
import { KpiService } from './figures/kpi.service';
import { KpiConfig } from './kpi.config';
import { kpiDatabase } from './kpi.database';
import { KpiLifecycle } from './kpi.lifecycle';
import { DayPricesKeeper } from './projection/day-prices';
import { Forgetting } from './projection/forgetting';
import { MarketEvents } from './projection/market-events.handlers';
import { CONSUMER_GROUP, Projection } from './projection/projection';
import { SnapshotController } from './reconciliation/snapshot.controller';

const projection = [Projection, DayPricesKeeper, Forgetting];
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
        eventLog('kpi', config.eventLog),
        // Figures that do not move with the market any more are old ones.
        eventFollower({ group: CONSUMER_GROUP, degradedUntilFollowing: true }),
        ...projection,
        ...costs,
        KpiService,
        KpiLifecycle,
      ],
    };
  }
}
