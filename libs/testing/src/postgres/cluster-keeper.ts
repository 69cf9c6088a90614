/**
 * Holds the test cluster for one Jest run, as a process of its own: Jest's global set-up cannot import our packages (it
 * resolves without the source condition), and a Jest that is killed must not leave a server behind. The end of the
 * channel to Jest is the end of the cluster.
 */
import { startTemporaryCluster } from './temporary-cluster';

async function keep(): Promise<void> {
  const cluster = await startTemporaryCluster();
  let discarding = false;
  const discard = (): void => {
    if (discarding) return;
    discarding = true;
    cluster.discard().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('disconnect', discard);
  // Ctrl-C goes to the whole process group; Jest's end arrives as the end of the channel.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, discard);
  if (process.connected) process.send?.({ url: cluster.postgres.url('postgres') });
  else discard();
}

keep().catch((error: unknown) => {
  process.send?.({ failure: error instanceof Error ? error.message : String(error) });
  process.exit(1);
});
