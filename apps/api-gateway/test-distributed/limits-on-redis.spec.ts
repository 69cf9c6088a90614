/**
 * Three gateways as processes of their own on one real Redis, and tenants of the free plan: 10 requests a second.
 *
 * What counts as within one second is what certainly was: asked after its begin and answered before its end.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { TokenSigner } from '@gpubroker/testing/tokens';
import { startRedis, type RedisServer } from '../../../tools/servers/redis.mjs';
import { Gateways } from './support/gateways';
import { accepted, byStatus, fullestSecond, offerLoad, unexplainedRefusals, type Answer } from './support/offer-load';

const LIMIT = 10;
const SECONDS = 30;
const signer = TokenSigner.withNewKey();
let redis: RedisServer;
let gateways: Gateways | undefined;

beforeAll(async () => {
  redis = await startRedis();
  gateways = await Gateways.start(3, redis.url, signer);
});
afterAll(async () => {
  await gateways?.stop();
  await redis.stop();
});

const load = async (perSecond: number, seconds: number, catchUp = true): Promise<Answer[]> => {
  const token = await signer.sign({ claims: { tenant_id: randomUUID() } });
  return offerLoad({ clients: gateways?.clients ?? [], token, perSecond, seconds, catchUp });
};
const say = (what: string, answers: readonly Answer[]) => {
  console.log(`${what}: ${JSON.stringify(byStatus(answers))}, fullest second ${fullestSecond(answers)}`);
};

it('accepts ten in any second of a flood and never more; a tenant within its limit beside it is never refused', async () => {
  const [flood, steady] = await Promise.all([load(200, SECONDS), load(9.5, SECONDS, false)]);
  say('flood', flood);
  say('steady', steady);
  expect(fullestSecond(flood)).toBeLessThanOrEqual(LIMIT);
  expect(accepted(flood).length).toBeLessThanOrEqual(LIMIT * (SECONDS + 1));
  expect(Object.keys(byStatus(flood))).toEqual(['200', '429']);
  expect(unexplainedRefusals(flood, LIMIT)).toEqual([]);
  // A busy machine delays requests on their way, so that eleven may arrive within one second after all: what is judged is whether
  // ten can have been accepted within the second before each refusal.
  expect(unexplainedRefusals(steady, LIMIT)).toEqual([]);
  expect(accepted(steady).length).toBeGreaterThanOrEqual(steady.length / 2);
});

it('answers every request while Redis is killed, comes back, hangs and goes on', async () => {
  const flooding = load(100, 20);
  const calls = (async () => {
    await sleep(3_000);
    await redis.kill();
    await sleep(4_000);
    await redis.start();
    await sleep(3_000);
    redis.freeze();
    await sleep(4_000);
    redis.thaw();
  })();
  const [answers] = await Promise.all([flooding, calls]);
  say('flood through trouble', answers);
  expect(Object.keys(byStatus(answers))).toEqual(['200', '429']);
  expect(fullestSecond(answers)).toBeLessThanOrEqual(2 * LIMIT);
  const waits = answers.map(({ asked, answered }) => answered - asked).sort((a, b) => a - b);
  console.log(
    `p50 ${waits[waits.length >> 1]?.toFixed(1)} ms, p99 ${waits[Math.floor(waits.length * 0.99)]?.toFixed(1)} ms, slowest ${waits.at(-1)?.toFixed(1)} ms`,
  );

  // Back to one limit for all, by themselves.
  await sleep(2_000);
  const after = await load(100, 5);
  say('after', after);
  expect(fullestSecond(after)).toBeLessThanOrEqual(LIMIT);
  expect(unexplainedRefusals(after, LIMIT)).toEqual([]);
});
