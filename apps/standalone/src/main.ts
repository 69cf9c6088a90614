import { EmbeddedPostgresError } from '@gpubroker/persistence/embedded';
import { startFailure } from '@gpubroker/platform/service';
import { startStandalone } from './start-standalone';
import { welcome } from './welcome';

const began = performance.now();
const say = (line: string): void => {
  console.log(`[${((performance.now() - began) / 1000).toFixed(1).padStart(5)} s] ${line}`);
};

async function main(): Promise<void> {
  // A signal that comes while starting is kept until there is something to stop: an early exit would orphan PostgreSQL.
  let stopRequested: () => void = () => undefined;
  const toldToStop = new Promise<void>((resolve) => (stopRequested = resolve));
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopRequested());
  const standalone = await startStandalone(process.env, say);
  process.on('unhandledRejection', (error) => {
    console.error('A promise failed and nobody was waiting for it; stopping:', error);
    process.exitCode = 1;
    stopRequested();
  });
  console.log(welcome(standalone));
  await toldToStop;
  say('stopping');
  await standalone.stop().then(
    () => say('stopped; the data stays'),
    (error: unknown) => {
      console.error(error);
      process.exitCode = 1;
    },
  );
  process.exit();
}

main().catch((error: unknown) => {
  // Its message is written for people, with what PostgreSQL said; where it was thrown tells them nothing.
  const isSaid = error instanceof EmbeddedPostgresError;
  console.error(isSaid ? `GPUBROKER cannot start: ${error.message}` : startFailure('GPUBROKER', error));
  process.exit(1);
});
