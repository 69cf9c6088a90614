import { fork, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';

type KeeperMessage = { readonly url: string } | { readonly failure: string };

/** Starts the keeper and waits for the URL of its cluster; the keeper does not hold this process open. */
export async function startKeeper(): Promise<{ keeper: ChildProcess; url: string }> {
  const keeper = fork(join(__dirname, 'cluster-keeper.ts'), {
    execArgv: ['--conditions=@gpubroker/source', '-r', require.resolve('@swc-node/register')],
    env: { ...process.env, TS_NODE_PROJECT: join(__dirname, '..', '..', 'tsconfig.json') },
  });
  const message = await new Promise<KeeperMessage>((resolve) => {
    keeper.once('message', (received) => {
      resolve(received as KeeperMessage);
    });
    keeper.once('exit', (code) => {
      resolve({ failure: `The test PostgreSQL ended with code ${String(code)}.` });
    });
  });
  if ('failure' in message) throw new Error(message.failure);
  keeper.unref();
  keeper.channel?.unref();
  return { keeper, url: message.url };
}

export async function stopKeeper(keeper: ChildProcess): Promise<void> {
  if (keeper.exitCode !== null) return;
  keeper.ref();
  const exited = new Promise<void>((resolve) =>
    keeper.once('exit', () => {
      resolve();
    }),
  );
  if (keeper.connected) keeper.disconnect();
  await exited;
}
