import type { ProviderListDto } from '@gpubroker/contracts/offers';
import { startService, type RunningService } from '@gpubroker/platform/service';
import { eventually } from '@gpubroker/testing/eventually';
import { freshDatabase, type FreshDatabase } from '@gpubroker/testing/postgres';
import { Client } from 'pg';
import { providersService } from '../../src/index';
import { RunpodCloud } from './runpod-cloud';

/** The service over a real PostgreSQL and one cloud that the test controls. */
export interface RunningProviders {
  readonly service: RunningService;
  readonly cloud: RunpodCloud;
  readonly database: FreshDatabase;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  list(query?: string): Promise<ProviderListDto>;
  sql<Row>(text: string, values?: unknown[]): Promise<Row[]>;
  metrics(): Promise<string>;
  /** Waits until the list satisfies the condition, and answers it. */
  until(condition: (list: ProviderListDto) => boolean, query?: string): Promise<ProviderListDto>;
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly env?: Record<string, string>;
  readonly database?: FreshDatabase;
  readonly databaseUrl?: string;
  readonly sells?: Parameters<RunpodCloud['sells']>;
}

export async function startProviders(options: StartOptions = {}): Promise<RunningProviders> {
  const database = options.database ?? (await freshDatabase());
  const cloud = new RunpodCloud();
  cloud.sells(...(options.sells ?? []));
  const baseUrl = await cloud.start();
  const service = await startService(providersService, {
    LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
    PROVIDERS_PORT: '0',
    LIVE_CLOUDS: 'off',
    DATABASE_URL: options.databaseUrl ?? database.url,
    RUNPOD_BASE_URL: baseUrl,
    CLOUD_EMULATOR_URL: 'http://127.0.0.1:9',
    MATH_ENRICHMENT: 'off',
    SECRETS_KEY: Buffer.alloc(32).toString('base64'),
    SYNC_INTERVAL_SECONDS: '1',
    UPSTREAM_TIMEOUT_MS: '500',
    ...options.env,
  });
  const client = new Client({ connectionString: database.url });
  await client.connect();
  client.on('error', () => undefined);
  const get = (path: string, headers: Record<string, string> = {}) => fetch(`${service.url}${path}`, { headers });
  const list = async (query = '') => (await (await get(`/api/v2/providers${query}`)).json()) as ProviderListDto;
  return {
    service,
    cloud,
    database,
    get,
    list,
    sql: async <Row>(text: string, values?: unknown[]) => (await client.query(text, values)).rows as Row[],
    metrics: async () => (await get('/metrics')).text(),
    until: (condition, query) =>
      eventually(
        () => list(query),
        (answer) => Array.isArray(answer.items) && condition(answer),
      ),
    stop: async () => {
      await service.stop();
      await cloud.stop();
      await client.end().catch(() => undefined);
      await database.drop();
    },
  };
}
