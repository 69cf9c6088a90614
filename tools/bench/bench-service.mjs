/** A child that runs providers over a PostgreSQL of its own (apps/providers/test/bench/worker.ts), and how to talk to it. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { bundleApp } from '../build/bundle-app.mjs';

const APP = 'apps/providers';
const OUTFILE = 'dist-app/bench-worker.js';

/** @param {Record<string, string>} [env] of the service */
export async function startBenchService(env = {}) {
  await bundleApp(APP, { entry: 'test/bench/worker.ts', outfile: OUTFILE });
  const child = fork(resolve(APP, OUTFILE), [], { env: { ...process.env, ...env }, execArgv: ['--expose-gc'] });
  const exited = once(child, 'exit');
  const answer = async () => {
    const [message] = await Promise.race([
      once(child, 'message'),
      exited.then(([code]) => {
        throw new Error(`the measured service ended with ${code}`);
      }),
    ]);
    if (message.error !== undefined) throw new Error(message.error);
    return message.result;
  };
  const ask = (command) => {
    child.send(command);
    return answer();
  };
  return {
    ...(await answer()),
    pid: child.pid,
    ingest: (provider, count, round) => ask({ kind: 'ingest', provider, count, round }),
    relay: (running) => ask({ kind: 'relay', running }),
    loop: () => ask({ kind: 'loop' }),
    sql: (text) => ask({ kind: 'sql', text }),
    memory: () => ask({ kind: 'memory' }),
    stop: async () => {
      child.disconnect();
      await exited;
    },
  };
}
