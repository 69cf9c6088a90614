import { sendRaw, startTiny, type RunningTiny } from './running-tiny';

const ORIGIN = 'https://app.example.com';
let open: RunningTiny;
let closed: RunningTiny;

beforeAll(async () => {
  open = await startTiny();
  closed = await startTiny(
    {},
    {
      NODE_ENV: 'production',
      CORS_ALLOWED_ORIGINS: `${ORIGIN}, https://other.example.com`,
      ALLOWED_HOSTS: 'api.example.com',
      TRUSTED_PROXIES: '10.0.0.0/8',
    },
  );
});
afterAll(async () => {
  await Promise.all([open.stop(), closed.stop()]);
});

const asHost = (host: string, more = '') =>
  sendRaw(closed.port, `GET /api/v2/things HTTP/1.1\r\nhost: ${host}\r\n${more}connection: close\r\n\r\n`);
const preflight = (tiny: RunningTiny, origin: string) =>
  sendRaw(
    tiny.port,
    `OPTIONS /api/v2/things HTTP/1.1\r\nhost: api.example.com\r\norigin: ${origin}\r\naccess-control-request-method: POST\r\nconnection: close\r\n\r\n`,
  );

describe('every answer', () => {
  it.each(['/api/v2/things', '/nowhere', '/health', '/api/v2/things/bug', '/metrics', '/openapi.json'])(
    'carries the security headers: %s',
    async (path) => {
      const { headers } = await open.ask(path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('x-trace-id')).toMatch(/^[0-9a-f]{32}$/);
    },
  );

  it('demands TLS for a year in production only', async () => {
    expect(await asHost('api.example.com')).toContain('strict-transport-security: max-age=31536000; includeSubDomains');
    expect((await open.ask('/api/v2/things')).headers.get('strict-transport-security')).toBeNull();
  });

  it('does not say what it is made with', async () => {
    const { headers } = await open.ask('/api/v2/things');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('server')).toBeNull();
  });
});

describe('the hosts allowed', () => {
  it.each(['api.example.com', 'API.Example.COM', 'api.example.com:8443'])('are served: %s', async (host) => {
    expect(await asHost(host)).toContain('HTTP/1.1 200 ');
  });

  it.each(['evil.example.com', 'api.example.com.evil.com', '127.0.0.1'])('and no others: %s', async (host) => {
    expect(await asHost(host)).toContain('HTTP/1.1 400 ');
  });

  it('are not widened by a forwarded host from a peer that is not trusted', async () => {
    expect(await asHost('evil.example.com', 'x-forwarded-host: api.example.com\r\n')).toContain('HTTP/1.1 400 ');
  });
});

describe('browsers of other origins', () => {
  it('hear which methods and headers they may use, with a trace, and of what the answer depends on', async () => {
    const answer = await sendRaw(
      closed.port,
      `OPTIONS /api/v2/things HTTP/1.1\r\nhost: api.example.com\r\norigin: ${ORIGIN}\r\naccess-control-request-method: DELETE\r\naccess-control-request-headers: authorization\r\nconnection: close\r\n\r\n`,
    );
    expect(answer).toContain('access-control-allow-methods: GET, HEAD, POST, PUT, PATCH, DELETE\r\n');
    expect(answer).toContain('access-control-allow-headers: authorization\r\n');
    expect(answer).toContain('vary: Origin, Access-Control-Request-Headers\r\n');
    expect(answer).toMatch(/x-trace-id: [0-9a-f]{32}\r\n/);
  });

  it('read failures too, those before any route among them', async () => {
    for (const path of ['/nowhere', '/api/v2/things?name=%00']) {
      const { status, headers } = await fetch(`http://127.0.0.1:${closed.port}${path}`, {
        headers: { origin: ORIGIN },
      });
      expect([status >= 400, headers.get('access-control-allow-origin')]).toEqual([true, ORIGIN]);
    }
  });

  it('may call from an origin that is listed', async () => {
    const answer = await preflight(closed, ORIGIN);
    expect(answer).toContain(`access-control-allow-origin: ${ORIGIN}`);
    expect(answer).toContain('HTTP/1.1 204 ');
  });

  it('read the headers that the API speaks with', async () => {
    const response = await asHost('api.example.com', `origin: ${ORIGIN}\r\n`);
    expect(response).toMatch(/access-control-expose-headers: .*Retry-After.*X-Trace-Id/);
  });

  it.each(['https://evil.example.com', 'null', `${ORIGIN}.evil.com`])('may not call from %s', async (origin) => {
    expect(await preflight(closed, origin)).not.toContain('access-control-allow-origin');
    expect(await preflight(open, origin)).not.toContain('access-control-allow-origin');
  });
});
