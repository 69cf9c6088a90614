import { startFailure } from '@gpubroker/platform/service';
import { kpiService } from './index';
import { replayCommand } from './projection/replay.command';

/** `nx run kpi:replay`, on the database and the event log that the environment names. */
async function main(): Promise<void> {
  process.exitCode = await replayCommand(kpiService.loadConfig(process.env).own, console.log);
}

main().catch((error: unknown) => {
  console.error(startFailure('kpi:replay', error));
  process.exitCode = 1;
});
