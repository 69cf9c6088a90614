/**
 * Looks at the dead letters of a topic and sends them again: `node tools/dlq.mjs --help`. Runs from a checkout, on the
 * log that the environment names: KAFKA_BROKERS, else DATABASE_URL.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const { status } = spawnSync(
  process.execPath,
  [
    '--conditions=@gpubroker/source',
    '-r',
    '@swc-node/register',
    join(root, 'libs/events/src/dead-letters/dead-letters.cli.ts'),
    ...process.argv.slice(2),
  ],
  { stdio: 'inherit', cwd: root, env: { ...process.env, TS_NODE_PROJECT: join(root, 'libs/events/tsconfig.json') } },
);
process.exit(status ?? 1);
