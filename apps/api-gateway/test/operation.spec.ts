import { Agent, get as httpGet, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { request } from 'undici';
import { startService } from '@gpubroker/platform/service';
import { apiGatewayService } from '../src/index';
import { closedPort, envelopeOf, startGateway, Upstream, type Gateway } from './gateway';

let upstream: Upstream;
let gateway: Gateway | undefined;

beforeEach(async () => {
  upstream = await Upstream.start();
});
afterEach(async () => {
  await gateway?.end();
  gateway = undefined;
  await upstream.stop();
});

const health = async (of: Gateway) => {
  const answer = await of.client.request({ method: 'GET', path: '/health' });
  return { status: answer.statusCode, body: (await answer.body.json()) as Record<string, unknown> };
};

describe('/health', () => {
  it('shows each service that is routed', async () => {
    gateway = await startGateway({ PROVIDERS_URL: upstream.url, MATH_CORE_URL: await closedPort() });
    const { status, body } = await health(gateway);
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'degraded', providers: 'up', 'math-core': 'down' });
    expect(body).toMatchObject({ database: 'none', cache: 'none', details: { providers: { circuit: 'closed' } } });
  });

  it('answers within 100 ms when a service hangs', async () => {
    upstream.handler = () => undefined;
    gateway = await startGateway({ PROVIDERS_URL: upstream.url, MATH_CORE_URL: upstream.url });
    await (await gateway.client.request({ method: 'GET', path: '/health?probe=live' })).body.dump();
    const begun = performance.now();
    const { status, body } = await health(gateway);
    expect(performance.now() - begun).toBeLessThan(100);
    expect([status, body.providers]).toEqual([200, 'down']);
  });

  it('asks a service once a second at most', async () => {
    gateway = await startGateway({ PROVIDERS_URL: upstream.url, MATH_CORE_URL: await closedPort() });
    for (let count = 0; count < 10; count += 1) await health(gateway);
    expect(upstream.seen).toHaveLength(1);
  });
});

describe('/metrics', () => {
  it('is on the public port in development', async () => {
    gateway = await startGateway({ PROVIDERS_URL: upstream.url });
    await (await gateway.client.request({ method: 'GET', path: '/api/v2/providers/some-id' })).body.dump();
    const text = await (await gateway.client.request({ method: 'GET', path: '/metrics' })).body.text();
    expect(text).toMatch(/request_count\{method="GET",route="\/api\/v2\/providers\/\*",status="200"/);
  });

  it('is only on METRICS_PORT in production', async () => {
    const port = await freePort();
    gateway = await startGateway({ NODE_ENV: 'production', METRICS_PORT: String(port), PROVIDERS_URL: upstream.url });
    const hidden = await gateway.client.request({ method: 'GET', path: '/metrics' });
    expect(hidden.statusCode).toBe(404);
    expect((await envelopeOf(hidden)).error.code).toBe('NOT_FOUND');
    const shown = await request(`http://127.0.0.1:${String(port)}/metrics`);
    expect(await shown.body.text()).toContain('request_count');
    const other = await request(`http://127.0.0.1:${String(port)}/health`);
    await other.body.dump();
    expect(other.statusCode).toBe(404);
  });

  it('stops the start when METRICS_PORT is taken', async () => {
    const taken = new URL(upstream.url).port;
    await expect(startGateway({ NODE_ENV: 'production', METRICS_PORT: taken })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });
});

describe('production behind a proxy', () => {
  it('sends callers who came over plain HTTP to HTTPS', async () => {
    gateway = await startGateway({ NODE_ENV: 'production', TRUSTED_PROXIES: '127.0.0.1', PROVIDERS_URL: upstream.url });
    const headers = { host: 'gpu.example', 'x-forwarded-proto': 'http' };
    const answer = await gateway.client.request({ method: 'POST', path: '/api/v2/providers?a=1', headers });
    await answer.body.dump();
    expect([answer.statusCode, answer.headers.location]).toEqual([308, 'https://gpu.example/api/v2/providers?a=1']);
    expect(answer.headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains');
  });

  it.each([{ 'x-forwarded-proto': 'https' }, {}])('passes the rest on: %j', async (headers) => {
    gateway = await startGateway({ NODE_ENV: 'production', TRUSTED_PROXIES: '127.0.0.1', PROVIDERS_URL: upstream.url });
    const answer = await gateway.client.request({ method: 'GET', path: '/api/v2/providers', headers });
    await answer.body.dump();
    expect(answer.statusCode).toBe(200);
  });
});

describe('configuration', () => {
  it('names every variable that cannot be used', () => {
    const env = {
      PROVIDERS_URL: 'ftp://x',
      KPI_URL: 'http://x/path',
      RATE_LIMIT_IP_PER_MINUTE: '-1',
      METRICS_PORT: 'x',
    };
    expect(() => apiGatewayService.loadConfig(env)).toThrow(
      /PROVIDERS_URL[\s\S]*KPI_URL[\s\S]*RATE_LIMIT_IP_PER_MINUTE[\s\S]*METRICS_PORT/,
    );
  });

  it('stands on its defaults, and trusts nobody', () => {
    const { own, service } = apiGatewayService.loadConfig({});
    expect(own.peers.providers).toBe('http://127.0.0.1:8102');
    expect(own).toMatchObject({ ipRequestsPerMinute: 1000, bodyLimits: { standard: 1_048_576, math: 8_388_608 } });
    expect(service).toMatchObject({ port: 8080, TRUSTED_PROXIES: [] });
  });

  it('starts as it is shipped', async () => {
    const running = await startService(apiGatewayService, { PORT: '0', LOG_LEVEL: 'silent' });
    await running.stop();
  });
});

describe('stopping', () => {
  it('resets none of 50 busy keep-alive clients', async () => {
    upstream.handler = (_request, response) => void setTimeout(() => response.end('ok'), 3);
    gateway = await startGateway({ PROVIDERS_URL: upstream.url });
    const { port } = gateway;
    const agent = new Agent({ keepAlive: true, maxSockets: 50 });
    const clients = Array.from({ length: 50 }, () => callUntilSentAway(agent, port));
    await new Promise((resolve) => setTimeout(resolve, 300));
    await gateway.stop();
    const answered = await Promise.all(clients);
    agent.destroy();
    expect(Math.min(...answered)).toBeGreaterThan(0);
  });

  it('lets a running request end', async () => {
    const asked = new Promise<ServerResponse>((resolve) => {
      upstream.handler = (_request, response) => {
        resolve(response);
      };
    });
    gateway = await startGateway({ PROVIDERS_URL: upstream.url });
    const call = gateway.client.request({ method: 'GET', path: '/api/v2/providers' });
    const response = await asked;
    const stopped = gateway.stop();
    setTimeout(() => response.end('late'), 300);
    const answer = await call;
    expect([answer.statusCode, answer.headers.connection, await answer.body.text()]).toEqual([200, 'close', 'late']);
    await stopped;
  });
});

/** Calls until an answer says that the server is leaving, as a balancer does. @returns how many were answered */
async function callUntilSentAway(agent: Agent, port: number): Promise<number> {
  for (let answered = 1; ; answered += 1) {
    const call = httpGet({ agent, port, host: '127.0.0.1', path: '/api/v2/providers' });
    const [answer] = (await once(call, 'response')) as [IncomingMessage];
    answer.resume();
    await once(answer, 'end');
    if (answer.headers.connection === 'close') return answered;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
