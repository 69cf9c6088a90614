import { startService, type RunningService } from '@gpubroker/platform/service';
import { eventually } from '@gpubroker/testing/eventually';
import { freshDatabase, type FreshDatabase } from '@gpubroker/testing/postgres';
import { Client } from 'pg';
import { kpiService } from '../../src/index';
import { MarketLog } from './market-log';

export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

/** The service over a real PostgreSQL and a real event log in it. */
export interface RunningKpi {
  readonly service: RunningService;
  readonly database: FreshDatabase;
  readonly log: MarketLog;
  /** Below /api/v2/kpi. */
  get<Body>(path: string): Promise<Answer<Body>>;
  /** Waits until the answer satisfies the condition. */
  until<Body>(path: string, holds: (body: Body) => boolean): Promise<Body>;
  sql<Row>(text: string, values?: unknown[]): Promise<Row[]>;
  /** Waits until every event of the log was folded. */
  caughtUp(): Promise<void>;
  stop(): Promise<void>;
}

const TOPICS = ['offers', 'price_updates', 'provider_syncs'];

export async function startKpi(env: Record<string, string> = {}): Promise<RunningKpi> {
  const database = await freshDatabase();
  const service = await startService(kpiService, {
    LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
    KPI_PORT: '0',
    DATABASE_URL: database.url,
    MATH_CORE_URL: 'http://127.0.0.1:9',
    ...env,
  });
  const log = new MarketLog(database.url);
  const client = new Client({ connectionString: database.url });
  await client.connect();
  client.on('error', () => undefined);
  const get = async <Body>(path: string): Promise<Answer<Body>> => {
    const answer = await fetch(`${service.url}/api/v2/kpi/${path}`);
    return { status: answer.status, body: (await answer.json()) as Body };
  };
  await eventually(
    () => fetch(`${service.url}/health`),
    ({ ok }) => ok,
  );
  return {
    service,
    database,
    log,
    get,
    until: async <Body>(path: string, holds: (body: Body) => boolean) =>
      (
        await eventually(
          () => get<Body>(path),
          ({ status, body }) => status === 200 && holds(body),
        )
      ).body,
    sql: async <Row>(text: string, values?: unknown[]) => (await client.query(text, values)).rows as Row[],
    caughtUp: async () => {
      await eventually(
        () => log.transport.lag('kpi', TOPICS),
        (lags) => lags.every(({ lag }) => lag === 0),
      );
    },
    stop: async () => {
      await service.stop();
      await log.close();
      await client.end().catch(() => undefined);
      await database.drop();
    },
  };
}
