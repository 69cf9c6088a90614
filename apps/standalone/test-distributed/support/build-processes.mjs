/** Bundles what the suite runs, under names of its own: an `nx build` at the same time must not change a running test. */
import { join, resolve } from 'node:path';
import { bundleApp } from '../../../../tools/build/bundle-app.mjs';

const apps = resolve(import.meta.dirname, '../../..');
const services = ['cloud-emulator', 'providers', 'kpi', 'ws-gateway', 'api-gateway'];

await Promise.all([
  ...services.map((name) => bundleApp(join(apps, name), { outfile: 'dist-app/distributed.js' })),
  bundleApp(join(apps, 'providers'), { entry: 'src/migrate.ts', outfile: 'dist-app/distributed-migrate.js' }),
  bundleApp(join(apps, 'kpi'), { entry: 'src/replay.ts', outfile: 'dist-app/distributed-replay.js' }),
  bundleApp(join(apps, 'kpi'), { entry: 'src/reconcile.ts', outfile: 'dist-app/distributed-reconcile.js' }),
  bundleApp(join(apps, 'standalone'), {
    entry: 'test-distributed/processes/price-consumer.ts',
    outfile: 'dist-app/price-consumer.js',
  }),
]);
