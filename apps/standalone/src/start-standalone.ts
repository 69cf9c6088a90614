import type { Env } from '@gpubroker/platform/config';
import { startService, type RunningService } from '@gpubroker/platform/service';
import { openDatabase, type StandaloneDatabase } from './database';
import { openLogFile, type LogFile } from './log-file';
import { ownSuperuser, type OwnSuperuser } from './own-superuser';
import { serviceAddresses } from './service-addresses';
import { SERVICES, urlVariable } from './services';
import { loadStandaloneConfig, type StandaloneConfig } from './standalone.config';

export interface Standalone {
  readonly gatewayUrl: string;
  readonly services: readonly RunningService[];
  readonly database: StandaloneDatabase;
  readonly config: StandaloneConfig;
  readonly superuser: OwnSuperuser;
  /** Services first, the newest first; the database when nobody needs it any more. */
  stop(): Promise<void>;
}

/**
 * The whole product in one process: each service its own application on its own port, talking HTTP as in production.
 * @param say told what is happening, for people
 */
export async function startStandalone(env: Env, say: (line: string) => void): Promise<Standalone> {
  const config = loadStandaloneConfig(env);
  const superuser = await ownSuperuser(config.dataDirectory, env);
  const log = await openLogFile(config.logFile);
  const database = await openDatabase(config, say, (line) =>
    log.destination.write(`${JSON.stringify({ service: 'postgres', message: line })}\n`),
  );
  say(`database: ${database.description}`);
  const services: RunningService[] = [];
  const stop = () => stopAll(services, database, log);
  try {
    const shared: Record<string, string | undefined> = {
      ...env,
      ...config.serviceEnv,
      ...superuser.env,
      ...(await serviceAddresses(SERVICES, env)),
      DATABASE_URL: database.url,
    };
    for (const definition of SERVICES) {
      const running = await startService(definition, shared, { logDestination: log.destination });
      shared[urlVariable(running.name)] = running.url;
      services.push(running);
      say(`${running.name} listens on ${running.url}`);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { gatewayUrl: services.at(-1)?.url ?? '', services, database, config, superuser, stop };
}

/** One that cannot stop in order must not keep the others, and PostgreSQL, running. */
async function stopAll(services: readonly RunningService[], database: StandaloneDatabase, log: LogFile): Promise<void> {
  const failures: unknown[] = [];
  const note = (error: unknown) => failures.push(error);
  for (const service of services.toReversed()) await service.stop().catch(note);
  await database.stop().catch(note);
  log.close();
  if (failures.length > 0)
    throw new AggregateError(failures, `not stopped in order: ${failures.map(String).join('; ')}`);
}
