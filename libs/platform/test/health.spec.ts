import type { HealthCheck } from '@gpubroker/platform/health';
import { startTiny, type RunningTiny } from './running-tiny';

const never = () => new Promise<never>(() => undefined);
const check = (name: string, critical: boolean, run: HealthCheck['check']): HealthCheck => ({
  name,
  critical: () => critical,
  check: run,
});

const opened: RunningTiny[] = [];
const withChecks = async (...checks: HealthCheck[]) => {
  const tiny = await startTiny({ checks });
  opened.push(tiny);
  await tiny.ask('/health?probe=live');
  return tiny;
};
const read = async (tiny: RunningTiny, query = '') => {
  const response = await tiny.ask(`/health${query}`);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

afterEach(async () => {
  for (const tiny of opened.splice(0)) await tiny.stop();
});

describe('/health', () => {
  it('answers 200 in its own form when nothing is wrong', async () => {
    const { status, body } = await read(await withChecks());
    expect({ status, ...body }).toEqual({
      status: 'ok',
      database: 'none',
      cache: 'none',
      details: {},
      timestamp: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/) as string,
    });
    expect(status).toBe(200);
  });

  it('answers within 100 ms when two dependencies hang', async () => {
    const tiny = await withChecks(check('database', true, never), check('peer', false, never));
    const took: number[] = [];
    for (let i = 0; i < 10; i += 1) {
      const begun = performance.now();
      const { body } = await read(tiny);
      took.push(performance.now() - begun);
      expect(body).toMatchObject({ database: 'down', peer: 'down' });
    }
    expect(took.sort((a, b) => a - b)[5]).toBeLessThan(100);
  });

  it('answers 503 when a critical dependency is down', async () => {
    const { status, body } = await read(await withChecks(check('database', true, () => ({ up: false }))));
    expect(status).toBe(503);
    expect(body).toMatchObject({ status: 'down', database: 'down' });
  });

  it('answers 200 degraded when a dependency that can be missed is down', async () => {
    const { status, body } = await read(
      await withChecks(
        check('database', true, () => ({ up: true })),
        check('cache', false, () => ({ up: false, detail: 'refused' })),
      ),
    );
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'degraded', database: 'up', cache: 'down', details: { cache: 'refused' } });
  });

  it('counts a check that throws as down, without its message', async () => {
    const throwing = () => Promise.reject(new Error('postgres://user:canary@db'));
    const { status, body } = await read(await withChecks(check('database', true, throwing)));
    expect(status).toBe(503);
    expect(JSON.stringify(body)).not.toContain('canary');
  });

  it('asks again each time whether a dependency is critical', async () => {
    let critical = false;
    const tiny = await withChecks({ name: 'peer', critical: () => critical, check: () => ({ up: false }) });
    expect((await read(tiny)).status).toBe(200);
    critical = true;
    expect((await read(tiny)).status).toBe(503);
  });

  it('says live without touching a dependency', async () => {
    let asked = 0;
    const tiny = await withChecks(check('database', true, () => ({ up: (asked += 1) < 0 })));
    const { status, body } = await read(tiny, '?probe=live');
    expect({ status, word: body.status, asked }).toEqual({ status: 200, word: 'ok', asked: 0 });
  });

  it('is asked by address even where hosts are limited', async () => {
    const tiny = await startTiny({}, { ALLOWED_HOSTS: 'api.example.com' });
    opened.push(tiny);
    expect((await tiny.ask('/health')).status).toBe(200);
  });
});
