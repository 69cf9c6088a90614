import { defineService } from '@gpubroker/platform/service';
import { kpiEnv, toKpiConfig } from './kpi.config';
import { KpiLifecycle } from './kpi.lifecycle';
import { KpiModule } from './kpi.module';

/** What the market looks like, folded from the events of providers. */
export const kpiService = defineService({
  name: 'kpi',
  defaultPort: 8103,
  env: kpiEnv,
  toConfig: toKpiConfig,
  module: (config) => KpiModule.with(config),
  beforeListen: (app) => {
    app.get(KpiLifecycle).start(app);
  },
});
