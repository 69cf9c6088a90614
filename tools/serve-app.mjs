/** Runs one app from its sources and restarts it when a file changes: `nx serve APP`. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';

const appDirectory = process.argv[2];
if (!appDirectory) {
  console.error('usage: node tools/serve-app.mjs apps/NAME');
  process.exit(2);
}
const child = spawn(
  process.execPath,
  [
    '--watch',
    '--watch-preserve-output',
    '--conditions=@gpubroker/source',
    '-r',
    '@swc-node/register',
    join(appDirectory, 'src/main.ts'),
  ],
  { stdio: 'inherit', env: { ...process.env, TS_NODE_PROJECT: join(appDirectory, 'tsconfig.json') } },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
