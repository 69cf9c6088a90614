/** `npm start`: from a fresh clone to the running product, with only Node and npm on the machine. */
import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';
import { checkDisk, checkNode, checkPort, checkWritable } from './start/checks.mjs';
import { ensureInstalled } from './start/install.mjs';

const MIN_FREE_BYTES = 500 * 1024 * 1024;

const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
process.chdir(root);
refuse(checkNode());
const dataDirectory = resolve(process.env.GPUBROKER_DATA_DIR ?? '.gpubroker');
const gatewayPort = Number(process.env.PORT ?? 8080);
refuse(await checkPort(gatewayPort, process.env.HOST ?? '127.0.0.1'));
// A full disk refuses writing too, and then says less about why.
refuse(await checkDisk(dataDirectory, MIN_FREE_BYTES));
refuse(await checkWritable(dataDirectory));

await ensureInstalled(root);
console.log('Building …');
const { bundleApp } = await import('./build/bundle-app.mjs');
await bundleApp('apps/standalone');
console.log('Starting …');
await import(pathToFileURL(resolve('apps/standalone/dist-app/main.js')).href);

function refuse(problem) {
  if (!problem) return;
  console.error(`GPUBROKER cannot start: ${problem}`);
  process.exit(1);
}
