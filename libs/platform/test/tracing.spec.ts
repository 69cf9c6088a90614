import { request } from 'node:http';
import { asJson, startTiny, type RunningTiny } from './running-tiny';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`;
let tiny: RunningTiny;

beforeAll(async () => {
  tiny = await startTiny();
});
beforeEach(() => tiny.log.clear());
afterAll(() => tiny.stop());

const traced = (path: string, init: RequestInit = {}) =>
  tiny.ask(path, { ...init, headers: { ...(init.headers as Record<string, string>), traceparent: TRACEPARENT } });

describe('a request that brings a traceparent', () => {
  it('gets its trace id back', async () => {
    expect((await traced('/api/v2/things')).headers.get('x-trace-id')).toBe(TRACE);
  });

  it('gets its trace id in the error', async () => {
    const { error } = (await (await traced('/nowhere')).json()) as { error: { trace_id: string } };
    expect(error.trace_id).toBe(TRACE);
  });

  it('is followed by every line that is logged meanwhile', async () => {
    await traced('/api/v2/things/logging');
    expect(tiny.log.lines().map(({ message, trace_id }) => [message, trace_id])).toEqual([
      ['from the handler', TRACE],
      ['request', TRACE],
    ]);
  });

  it('keeps its trace when a body was read before the handler', async () => {
    const response = await traced('/api/v2/things/logging', asJson('{"a":1}'));
    expect(await response.json()).toEqual({ trace: TRACE });
  });

  it('hands the trace on under a span of its own', async () => {
    const { traceparent } = (await (await traced('/api/v2/things/logging')).json()) as { traceparent: string };
    expect(traceparent).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
    expect(traceparent).not.toBe(TRACEPARENT);
  });
});

describe('a request without a usable traceparent', () => {
  it.each([
    undefined,
    'nonsense',
    `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`,
    `00-${TRACE}-${'0'.repeat(16)}-01`,
    `ff-${TRACE}-00f067aa0ba902b7-01`,
    TRACEPARENT.toUpperCase(),
  ])('gets a new trace id (%s)', async (traceparent) => {
    const response = await tiny.ask('/api/v2/things', { headers: traceparent ? { traceparent } : {} });
    expect(response.headers.get('x-trace-id')).toMatch(/^[0-9a-f]{32}$/);
    expect(response.headers.get('x-trace-id')).not.toBe(TRACE);
  });

  it('never shares a trace with another request on the same connection', async () => {
    const ids = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const response = await tiny.ask('/api/v2/things/logging');
        const { trace } = (await response.json()) as { trace: string };
        expect(trace).toBe(response.headers.get('x-trace-id'));
        return trace;
      }),
    );
    expect(new Set(ids).size).toBe(50);
  });
});

describe('the request line', () => {
  it('has what SPEC G9 names, and no query', async () => {
    await tiny.ask('/api/v2/things?name=private');
    expect(tiny.log.lines()).toEqual([
      {
        level: 'info',
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
        service: 'tiny',
        trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
        method: 'GET',
        path: '/api/v2/things',
        status_code: 200,
        duration_ms: expect.any(Number) as number,
        user_id: null,
        message: 'request',
      },
    ]);
  });

  it('is written for failures too', async () => {
    await tiny.ask('/nowhere');
    expect(tiny.log.lines()).toMatchObject([{ path: '/nowhere', status_code: 404 }]);
  });

  it.each(['/health', '/metrics'])('is not written for %s', async (path) => {
    await tiny.ask(path);
    expect(tiny.log.lines()).toEqual([]);
  });

  it('survives a doubled traceparent', async () => {
    const status = await new Promise((resolve) => {
      request(`${tiny.url}/api/v2/things`, { headers: { traceparent: [TRACEPARENT, TRACEPARENT] } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).end();
    });
    expect(status).toBe(200);
  });
});
