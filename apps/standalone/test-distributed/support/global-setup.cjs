const { execFileSync } = require('node:child_process');
const { join } = require('node:path');
const { default: startPostgres } = require('../../../../libs/testing/src/postgres/global-setup.ts');

/** The processes are built once, from the sources as they are now; then one PostgreSQL for the run. */
module.exports = async function globalSetup() {
  execFileSync(process.execPath, [join(__dirname, 'build-processes.mjs')], { stdio: 'inherit' });
  await startPostgres();
};
