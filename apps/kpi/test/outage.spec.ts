import type { ErrorEnvelopeDto } from '@gpubroker/contracts/errors';
import type { KpiOverviewDto } from '@gpubroker/contracts/kpi';
import { startService, type RunningService } from '@gpubroker/platform/service';
import { eventually } from '@gpubroker/testing/eventually';
import { startTemporaryCluster, type TemporaryCluster } from '@gpubroker/testing/postgres';
import { kpiService } from '../src/index';
import { MarketLog, offerEvent, syncEvent } from './support/market-log';

const PATIENCE = { timeoutMs: 25_000, everyMs: 100 };
let cluster: TemporaryCluster;
let service: RunningService;

beforeAll(async () => {
  cluster = await startTemporaryCluster();
  await cluster.postgres.createDatabase('market');
});

afterAll(async () => {
  await service.stop();
  await cluster.discard();
});

const ask = async (path: string): Promise<{ status: number; body: unknown }> => {
  const answer = await fetch(`${service.url}${path}`);
  return { status: answer.status, body: await answer.json() };
};
/** A fast shutdown that nobody ordered. */
const takeAway = () => process.kill(cluster.postgres.pid, 'SIGINT');
const overview = () => ask('/api/v2/kpi/overview');

it('starts without its database, says so, and works once it is there', async () => {
  const url = cluster.postgres.url('market');
  takeAway();
  service = await startService(kpiService, {
    LOG_LEVEL: 'silent',
    KPI_PORT: '0',
    DATABASE_URL: url,
    MATH_CORE_URL: 'http://127.0.0.1:9',
  });
  for (const path of ['overview', 'gpu/h100', 'provider/vastai', 'price-trend']) {
    const { status, body } = await ask(`/api/v2/kpi/${path}`);
    expect(status).toBe(503);
    expect(body).toMatchObject({ detail: 'Database not available', error: { code: 'DB_UNAVAILABLE' } });
  }
  expect((await ask('/health')).status).toBe(503);
  await cluster.postgres.restart();
  await eventually(overview, ({ status }) => status === 200, PATIENCE);
  expect((await ask('/health')).status).toBe(200);
});

it('answers 503 while the database is away, then folds what came meanwhile', async () => {
  const url = cluster.postgres.url('market');
  const publish = async (id: string) => {
    const log = new MarketLog(url);
    await log.publish(syncEvent(), offerEvent(id));
    await log.close();
  };
  await publish('before');
  await eventually(overview, ({ body }) => (body as KpiOverviewDto).total_offers === 1, PATIENCE);
  takeAway();
  const { body } = await eventually(overview, ({ status }) => status === 503, PATIENCE);
  expect((body as ErrorEnvelopeDto).error.code).toBe('DB_UNAVAILABLE');
  await cluster.postgres.restart();
  await publish('after');
  await eventually(overview, (answer) => (answer.body as KpiOverviewDto).total_offers === 2, PATIENCE);
});
