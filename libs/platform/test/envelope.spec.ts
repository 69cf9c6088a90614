import { ERROR_CATALOG, type ErrorCode, type ErrorEnvelopeDto } from '@gpubroker/contracts/errors';
import { ApiError } from '@gpubroker/platform/errors';
import fc from 'fast-check';
import { DatabaseError } from 'pg';
import { asJson, sendRaw, startTiny, type RunningTiny } from './running-tiny';
import type { TinyScript } from './tiny-service';

const script: TinyScript = {};
let tiny: RunningTiny;

beforeAll(async () => {
  tiny = await startTiny(script, { MAX_BODY_BYTES: '20000' });
});
afterAll(() => tiny.stop());

async function expectEnvelope(response: Response, code: ErrorCode): Promise<ErrorEnvelopeDto> {
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  const body = (await response.json()) as ErrorEnvelopeDto;
  expectEnvelopeBody(body, response.status, code);
  expect(response.headers.get('x-trace-id')).toBe(body.error.trace_id);
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  return body;
}

function expectEnvelopeBody(body: ErrorEnvelopeDto, status: number, code: ErrorCode): void {
  expect({ status, code: body.error.code }).toEqual({ status: ERROR_CATALOG[code].status, code });
  expect(Object.keys(body)).toEqual(['detail', 'error']);
  expect(Object.keys(body.error)).toEqual(['code', 'message', 'details', 'trace_id']);
  expect(body.detail).toBe(body.error.message);
  expect(body.error.trace_id).toMatch(/^[0-9a-f]{32}$/);
}

const post = (body: string, path = '/api/v2/things') => tiny.ask(path, asJson(body));
const fieldsOf = ({ error }: ErrorEnvelopeDto) => (error.details ?? []).map(({ field }) => field);

describe('a body that the DTO refuses', () => {
  it('answers 422 with one entry per bad field', async () => {
    const body = await expectEnvelope(await post('{"name":5,"size":11}'), 'VALIDATION_ERROR');
    expect(fieldsOf(body)).toEqual(['name', 'size']);
  });

  it('names a nested field by its path', async () => {
    const body = await expectEnvelope(
      await post('{"name":"a","size":1,"tags":[{"label":"x"},{"label":7}]}'),
      'VALIDATION_ERROR',
    );
    expect(fieldsOf(body)).toEqual(['tags.1.label']);
  });

  it('refuses an unknown member', async () => {
    const body = await expectEnvelope(await post('{"name":"a","size":1,"role":"admin"}'), 'VALIDATION_ERROR');
    expect(fieldsOf(body)).toEqual(['role']);
  });

  it.each([
    ['a number in quotes', '{"name":"a","size":"1"}', 'size'],
    ['"false" for a boolean', '{"name":"a","size":1,"sold":"false"}', 'sold'],
    ['an empty string for a number', '{"name":"a","size":""}', 'size'],
    ['an object for a text', '{"name":{},"size":1}', 'name'],
    ['1e309', '{"name":"a","size":1e309}', 'size'],
  ])('converts nothing by itself: %s', async (_case, body, field) => {
    expect(fieldsOf(await expectEnvelope(await post(body), 'VALIDATION_ERROR'))).toEqual([field]);
  });

  it.each([['[]'], ['[{"name":"a","size":1}]'], ['5'], ['"text"'], ['true'], ['null']])(
    'refuses %s where an object belongs, naming what is wrong',
    async (body) => {
      const answer = await expectEnvelope(await post(body), 'VALIDATION_ERROR');
      expect(fieldsOf(answer).length).toBeGreaterThan(0);
      for (const field of fieldsOf(answer)) expect(typeof field).toBe('string');
    },
  );

  it('refuses a doubled query parameter where one text belongs', async () => {
    const body = await expectEnvelope(await tiny.ask('/api/v2/things?name=a&name=b'), 'VALIDATION_ERROR');
    expect(fieldsOf(body)).toEqual(['name']);
  });

  it('answers an absent body as a body without its members', async () => {
    const body = await expectEnvelope(await tiny.ask('/api/v2/things', { method: 'POST' }), 'VALIDATION_ERROR');
    expect(fieldsOf(body)).toEqual(['name', 'size']);
  });

  it('never answers any JSON with a 5xx or without an envelope', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json({ maxDepth: 6 }), async (json) => {
        const response = await post(json);
        expect(response.status).toBeLessThan(500);
        if (response.status !== 201)
          expectEnvelopeBody((await response.json()) as ErrorEnvelopeDto, response.status, 'VALIDATION_ERROR');
      }),
      { numRuns: 300 },
    );
  });
});

describe('a body that cannot be read', () => {
  it.each([
    ['malformed JSON', '{"name":'],
    ['an empty body', ''],
    ['blanks only', '  \n'],
    ['a bare NaN', '{"size":NaN}'],
    ['two documents', '{}{}'],
    ['a raw control character', '{"name":"\u0001"}'],
  ])('answers 400 to %s', async (_case, body) => {
    const bytes = `POST /api/v2/things HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`;
    const answer = await sendRaw(tiny.port, bytes);
    expect(answer).toContain('HTTP/1.1 400 ');
    expect(answer).toContain('"MALFORMED_REQUEST"');
  });

  it('answers 400 to an empty chunked body', async () => {
    const answer = await sendRaw(
      tiny.port,
      'POST /api/v2/things HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n0\r\n\r\n',
    );
    expect(answer).toContain('HTTP/1.1 400 ');
    expect(answer).toContain('"MALFORMED_REQUEST"');
  });

  it.each(['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'answers 415 to %s',
    async (type) => {
      await expectEnvelope(await tiny.ask('/api/v2/things', asJson('name=a', type)), 'UNSUPPORTED_MEDIA_TYPE');
    },
  );

  it('answers 413 when the announced length is over the limit', async () => {
    await expectEnvelope(await post(`{"name":"${'a'.repeat(20_000)}"}`), 'PAYLOAD_TOO_LARGE');
  });

  it('answers 413 when chunks grow over the limit without announcing it', async () => {
    const chunk = `1000\r\n${'a'.repeat(0x1000)}\r\n`;
    const answer = await sendRaw(
      tiny.port,
      `POST /api/v2/things HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n${chunk.repeat(5)}0\r\n\r\n`,
    );
    expect(answer).toContain('HTTP/1.1 413 ');
    expect(answer).toContain('"PAYLOAD_TOO_LARGE"');
  });

  it('takes a body right at the limit', async () => {
    const frame = '{"name":"","size":1}';
    const response = await post(`{"name":"${'a'.repeat(20_000 - frame.length)}","size":1}`);
    expect(response.status).toBe(201);
  });

  it('answers 422 to brackets nested 3,000 deep, quickly', async () => {
    const before = process.cpuUsage();
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const)
      await expectEnvelope(
        await post(`${open.repeat(3000)}1${close.repeat(3000)}`, '/api/v2/things/raw'),
        'VALIDATION_ERROR',
      );
    expect(process.cpuUsage(before).user).toBeLessThan(500_000);
  });

  it.each([
    ['__proto__', '{"__proto__":{"polluted":true}}'],
    ['__proto__ below', '{"a":[{"__proto__":{"polluted":true}}]}'],
    ['__proto__ in escapes', '{"__pr\\u006fto__":{"polluted":true}}'],
    ['constructor.prototype', '{"constructor":{"prototype":{"polluted":true}}}'],
  ])('answers 422 to %s and pollutes nothing', async (_case, body) => {
    await expectEnvelope(await post(body, '/api/v2/things/raw'), 'VALIDATION_ERROR');
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it.each([
    ['in a value', '{"name":"a\\u0000b"}'],
    ['in a name', '{"a\\u0000":1}'],
    ['after an escaped backslash', '{"name":"\\\\\\u0000"}'],
  ])('answers 422 to NUL %s', async (_case, body) => {
    await expectEnvelope(await post(body, '/api/v2/things/raw'), 'VALIDATION_ERROR');
  });

  it('takes the six characters \\u0000 when they are only written about', async () => {
    const response = await post('{"name":"\\\\u0000"}', '/api/v2/things/raw');
    expect(await response.json()).toEqual({ body: { name: '\\u0000' }, polluted: null });
  });

  it('logs no error when the caller hangs up in the middle of the body', async () => {
    tiny.log.clear();
    await sendRaw(
      tiny.port,
      'POST /api/v2/things HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"name"',
      { hangUpAfterMs: 30 },
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(tiny.log.lines().filter(({ level }) => level === 'error' || level === 'warn')).toEqual([]);
  });
});

describe('an address that leads nowhere', () => {
  it.each(['/nowhere', '/api/v2/thing', '/api/v2/things/1/2', '/api/v2/things//'])(
    'answers 404 to %s',
    async (path) => {
      await expectEnvelope(await tiny.ask(path), 'NOT_FOUND');
    },
  );

  it('answers 405 with Allow to a method that the path does not take', async () => {
    const response = await tiny.ask('/api/v2/things', { method: 'DELETE' });
    expect(response.headers.get('allow')).toBe('GET, POST');
    await expectEnvelope(response, 'METHOD_NOT_ALLOWED');
  });

  it('answers 405 below a path parameter, with query and trailing slash', async () => {
    const response = await tiny.ask('/api/v2/things/abc/?a=1', { method: 'PUT' });
    expect(response.headers.get('allow')).toContain('GET');
    await expectEnvelope(response, 'METHOD_NOT_ALLOWED');
  });

  it.each(['OPTIONS', 'TRACE', 'PROPFIND', 'QUERY', 'PURGE', 'FOO', 'CONNECT'])(
    'answers 405 with Allow to %s',
    async (method) => {
      const answer = await sendRaw(
        tiny.port,
        `${method} ${method === 'CONNECT' ? 'x:80' : '/api/v2/things'} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`,
      );
      expect(answer).toContain('HTTP/1.1 405 ');
      expect(answer).toMatch(/\r\nallow: .*GET.*\r\n/);
      expectEnvelopeBody(JSON.parse(answer.split('\r\n\r\n')[1] ?? '') as ErrorEnvelopeDto, 405, 'METHOD_NOT_ALLOWED');
    },
  );

  it('answers 404 to OPTIONS on a path that is not there', async () => {
    await expectEnvelope(await tiny.ask('/nowhere', { method: 'OPTIONS' }), 'NOT_FOUND');
  });

  it('answers OPTIONS * with a trace like everything else', async () => {
    const answer = await sendRaw(tiny.port, 'OPTIONS * HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    expect(answer).toContain('HTTP/1.1 404 ');
    expect(answer).toMatch(/\r\nx-trace-id: [0-9a-f]{32}\r\n/);
  });

  it.each([
    ['malformed JSON', asJson('{"a":')],
    ['a text', asJson('a', 'text/plain')],
    ['two megabytes', asJson('a'.repeat(2_000_000))],
  ])('answers 404 or 405 whatever is sent there: %s', async (_what, request) => {
    await expectEnvelope(await tiny.ask('/nowhere', request), 'NOT_FOUND');
    await expectEnvelope(await tiny.ask('/api/v2/things', { ...request, method: 'PUT' }), 'METHOD_NOT_ALLOWED');
  });

  it('takes a trailing slash', async () => {
    expect((await tiny.ask('/api/v2/things/')).status).toBe(200);
  });

  it.each(['/api/v2/things/%', '/api/v2/things/%zz', '/%c0%af'])(
    'answers 400 to the bad encoding of %s',
    async (path) => {
      const answer = await sendRaw(tiny.port, `GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
      expect(answer).toContain('HTTP/1.1 400 ');
      const body = JSON.parse(answer.split('\r\n\r\n')[1]!) as ErrorEnvelopeDto;
      expectEnvelopeBody(body, 400, 'MALFORMED_REQUEST');
      expect(answer).toContain(`x-trace-id: ${body.error.trace_id}`);
      expect(answer).toContain('x-content-type-options: nosniff');
    },
  );

  it('keeps the trace of a badly encoded request', async () => {
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    const answer = await sendRaw(
      tiny.port,
      `GET /api/v2/things/% HTTP/1.1\r\nhost: x\r\ntraceparent: ${traceparent}\r\nconnection: close\r\n\r\n`,
    );
    expect(answer).toContain('"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"');
  });

  it('refuses a parameter of several kilobytes in the envelope', async () => {
    const response = await tiny.ask(`/api/v2/things/${'a'.repeat(4000)}`);
    expect(response.status).toBe(400);
    await expectEnvelope(response, 'MALFORMED_REQUEST');
  });

  it.each(['/api/v2/things/a%00b', '/api/v2/things?name=%00', '/nowhere%00'])(
    'answers 422 to NUL in %s',
    async (path) => {
      await expectEnvelope(await tiny.ask(path), 'VALIDATION_ERROR');
    },
  );

  it.each([
    ['garbage', 'GARBAGE\r\n\r\n', 'HTTP/1.1 400 '],
    ['binary', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00]), 'HTTP/1.1 400 '],
    ['a header without a name', 'GET / HTTP/1.1\r\n: x\r\n\r\n', 'HTTP/1.1 400 '],
    [
      'a doubled length',
      'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab',
      'HTTP/1.1 400 ',
    ],
    [
      'length and chunks',
      'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      'HTTP/1.1 400 ',
    ],
    ['a request without Host', 'GET /api/v2/things HTTP/1.1\r\nconnection: close\r\n\r\n', 'HTTP/1.1 400 '],
    [
      'an expectation that nobody has',
      'GET /api/v2/things HTTP/1.1\r\nhost: x\r\nexpect: miracles\r\nconnection: close\r\n\r\n',
      'HTTP/1.1 417 ',
    ],
    ['a header of 20 kB', `GET / HTTP/1.1\r\nhost: x\r\nx-long: ${'a'.repeat(20_000)}\r\n\r\n`, 'HTTP/1.1 431 '],
  ])('answers raw %s in the envelope', async (_case, bytes, statusLine) => {
    const answer = await sendRaw(tiny.port, bytes);
    expect(answer).toContain(statusLine);
    expect(answer).toContain('"code":"MALFORMED_REQUEST"');
  });
});

describe('a failure inside', () => {
  const thrown = async (error: unknown) => {
    script.thrown = error;
    return tiny.ask('/api/v2/things/throwing');
  };

  it('answers a bug with 500 and keeps its message to the log', async () => {
    tiny.log.clear();
    const response = await tiny.ask('/api/v2/things/bug');
    const text = JSON.stringify(await expectEnvelope(response, 'INTERNAL_ERROR'));
    expect(text).not.toContain('secretInternals');
    expect(tiny.log.text()).toContain('secretInternals');
  });

  it("does not show the message of Nest's own 500 either", async () => {
    const body = await expectEnvelope(await tiny.ask('/api/v2/things/masked'), 'INTERNAL_ERROR');
    expect(JSON.stringify(body)).not.toContain('shoe_size');
  });

  it.each([['a text'], [undefined], [null], [{ status: 404 }], [42]])(
    'answers 500 when %j is thrown',
    async (value) => {
      await expectEnvelope(await thrown(value), 'INTERNAL_ERROR');
    },
  );

  it('answers a refusal without a code of its own as a malformed request', async () => {
    await expectEnvelope(await tiny.ask('/api/v2/things/teapot'), 'MALFORMED_REQUEST');
  });

  it('sends Retry-After with a limit', async () => {
    const response = await tiny.ask('/api/v2/things/busy');
    expect(response.headers.get('retry-after')).toBe('7');
    await expectEnvelope(response, 'RATE_LIMITED');
  });

  it('sends Retry-After with every 503', async () => {
    const response = await thrown(new ApiError('SERVICE_UNAVAILABLE', 'Starting'));
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    await expectEnvelope(response, 'SERVICE_UNAVAILABLE');
  });

  it("does not pass on the status or the words of a peer's answer", async () => {
    const error = Object.assign(new Error('peer said: key abc is wrong'), {
      statusCode: 401,
      code: 'UND_ERR_RESPONSE',
    });
    const body = await expectEnvelope(await thrown(error), 'INTERNAL_ERROR');
    expect(JSON.stringify(body)).not.toContain('abc');
  });

  it.each<[string, ErrorCode]>([
    ['22003', 'VALIDATION_ERROR'],
    ['22P02', 'VALIDATION_ERROR'],
    ['22021', 'VALIDATION_ERROR'],
    ['23505', 'CONFLICT'],
    ['08006', 'DB_UNAVAILABLE'],
    ['57P01', 'DB_UNAVAILABLE'],
    ['42703', 'INTERNAL_ERROR'],
  ])('answers PostgreSQL %s as %s, raw and inside the error that TypeORM wraps it in', async (state, code) => {
    const raw = Object.assign(new DatabaseError('value of column "shoe_size"', 1, 'error'), { code: state });
    for (const error of [raw, Object.assign(new Error(raw.message), { driverError: raw })]) {
      const body = await expectEnvelope(await thrown(error), code);
      expect(JSON.stringify(body)).not.toContain('shoe_size');
    }
  });

  it('answers a lost database with the sentence of SPEC G12', async () => {
    const raw = Object.assign(new DatabaseError('gone', 1, 'error'), { code: '08006' });
    expect((await expectEnvelope(await thrown(raw), 'DB_UNAVAILABLE')).detail).toBe('Database not available');
  });
});
