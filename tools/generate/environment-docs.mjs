/** Writes docs/environment.md and .env.example from the services' own schemas. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
// The services are read from their sources, whose decorators need the compiler options of the base file.
const { status } = spawnSync(
  process.execPath,
  ['--conditions=@gpubroker/source', '-r', '@swc-node/register', 'tools/generate/environment/write-environment.ts'],
  { cwd: root, stdio: 'inherit', env: { ...process.env, TS_NODE_PROJECT: resolve(root, 'tsconfig.base.json') } },
);
process.exit(status ?? 1);
