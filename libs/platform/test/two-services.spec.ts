import { startTiny, type RunningTiny } from './running-tiny';

let first: RunningTiny;
let second: RunningTiny;

beforeAll(async () => {
  first = await startTiny({ logged: { who: 'first' } }, { LOG_LEVEL: 'info', MAX_BODY_BYTES: '100' }, 'first');
  second = await startTiny({ logged: { who: 'second' } }, { LOG_LEVEL: 'warn' }, 'second');
});
beforeEach(() => {
  first.log.clear();
  second.log.clear();
});
afterAll(async () => {
  await Promise.all([first.stop(), second.stop()]);
});

describe('two services in one process', () => {
  it('log under their own names and levels', async () => {
    await first.ask('/api/v2/things/logging');
    await second.ask('/api/v2/things/logging');
    expect(first.log.lines().map(({ service, message }) => [service, message])).toEqual([
      ['first', 'from the handler'],
      ['first', 'request'],
    ]);
    expect(second.log.lines()).toEqual([]);
    await second.ask('/api/v2/things/bug');
    expect(second.log.lines()).toMatchObject([{ service: 'second', level: 'error' }]);
  });

  it('count their own requests', async () => {
    await first.ask('/api/v2/things/only-first');
    expect(await (await first.ask('/metrics')).text()).toMatch(/request_count\{[^}]*:id[^}]*service="first"\} 1/);
    const other = await (await second.ask('/metrics')).text();
    expect(other).not.toContain('route="/api/v2/things/:id"');
    expect(other).not.toContain('service="first"');
  });

  it('keep their own cache', async () => {
    await first.ask('/api/v2/things/cached/key');
    expect(await (await first.ask('/api/v2/things/cached/key')).json()).toEqual({ before: 'kept' });
    expect(await (await second.ask('/api/v2/things/cached/key')).json()).toEqual({ before: null });
  });

  it('have their own limits', async () => {
    const body = JSON.stringify({ name: 'a'.repeat(200), size: 1 });
    const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
    expect((await first.ask('/api/v2/things', init)).status).toBe(413);
    expect((await second.ask('/api/v2/things', init)).status).toBe(201);
  });

  it('describe themselves', async () => {
    const title = async (tiny: RunningTiny) =>
      ((await (await tiny.ask('/openapi.json')).json()) as { info: { title: string } }).info.title;
    expect([await title(first), await title(second)]).toEqual(['GPUBROKER first', 'GPUBROKER second']);
  });
});
