const { execFileSync } = require('node:child_process');
const { join } = require('node:path');

/** The process is built once, from the sources as they are now. */
module.exports = function buildGateway() {
  const root = join(__dirname, '../../../..');
  const program = `import { bundleApp } from './tools/build/bundle-app.mjs';
await bundleApp('apps/api-gateway', { outfile: 'dist-app/limits.js' });`;
  execFileSync(process.execPath, ['--input-type=module', '-e', program], { cwd: root, stdio: 'inherit' });
};
