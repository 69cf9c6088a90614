/** Runs one entry of an app from its sources: `node tools/run-script.mjs apps/providers src/migrate.ts --plan`. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { bundleApp } from './build/bundle-app.mjs';

const [appDirectory, entry, ...args] = process.argv.slice(2);
if (!appDirectory || !entry) {
  console.error('usage: node tools/run-script.mjs apps/NAME src/ENTRY.ts [arguments]');
  process.exit(2);
}
const outfile = join('dist-app', entry.replace(/^src\//, '').replace(/\.ts$/, '.js'));
await bundleApp(appDirectory, { entry, outfile });
const { status } = spawnSync(process.execPath, [join(appDirectory, outfile), ...args], { stdio: 'inherit' });
process.exit(status ?? 1);
