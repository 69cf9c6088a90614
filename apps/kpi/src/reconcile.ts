import { startFailure } from '@gpubroker/platform/service';
import { reconcileCommand } from './reconciliation/reconcile.command';

/** `nx run kpi:reconcile`: kpi and providers have to run, at KPI_URL and PROVIDERS_URL. */
async function main(): Promise<void> {
  process.exitCode = await reconcileCommand(process.argv.slice(2), process.env, console.log);
}

main().catch((error: unknown) => {
  console.error(startFailure('kpi:reconcile', error));
  process.exitCode = 1;
});
