import { once } from 'node:events';
import { forgedTokens, TokenSigner } from '@gpubroker/testing/tokens';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket } from 'ws';
import type { Route } from '../src/routing/route-table';
import { closedPort, envelopeOf, startGateway, Upstream, type Gateway } from './gateway';

const signer = TokenSigner.withNewKey();
const ROUTES: readonly Route[] = [
  { prefix: '/api/v2/providers', peer: 'providers', access: 'public_reads', body: 'standard' },
  { prefix: '/api/v2/math', peer: 'math-core', access: 'bearer', body: 'math' },
  { prefix: '/api/v2/auth/login', peer: 'auth', access: 'public', body: 'standard' },
];

let upstream: Upstream;
let gateway: Gateway;

beforeAll(async () => {
  upstream = await Upstream.start();
});
afterAll(() => upstream.stop());
afterEach(() => gateway.end());

const start = async (env: Record<string, string> = signer.env) => {
  gateway = await startGateway(
    { PROVIDERS_URL: upstream.url, MATH_CORE_URL: upstream.url, WS_GATEWAY_URL: upstream.url, ...env },
    ROUTES,
  );
};
const ask = (method: 'GET' | 'POST' | 'DELETE', path: string, token?: string) =>
  gateway.client.request({
    method,
    path,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
const codeOf = async (answer: Awaited<ReturnType<typeof ask>>) => {
  if (answer.statusCode < 400) await answer.body.dump();
  return answer.statusCode < 400 ? answer.statusCode : (await envelopeOf(answer)).error.code;
};

describe('a route that wants a token', () => {
  it('is closed without one, before the service hears of it', async () => {
    await start();
    upstream.seen.length = 0;
    expect(await codeOf(await ask('POST', '/api/v2/math/topsis'))).toBe('UNAUTHENTICATED');
    expect(upstream.seen).toEqual([]);
  });

  it('opens to a valid one, which the service gets to see too, and the log names the user', async () => {
    await start();
    const claims = signer.claims();
    const token = await signer.sign({ claims });
    expect(await codeOf(await ask('POST', '/api/v2/math/topsis', token))).toBe(200);
    expect(upstream.seen.at(-1)?.headers.authorization).toBe(`Bearer ${token}`);
    expect(gateway.log.join('')).toContain(`"user_id":"${String(claims.uid)}"`);
  });

  it('says that a token has expired', async () => {
    await start();
    const iat = Math.floor(Date.now() / 1000) - 1_000;
    const token = await signer.sign({ claims: { iat, exp: iat + 900 } });
    expect(await codeOf(await ask('GET', '/api/v2/math', token))).toBe('TOKEN_EXPIRED');
  });

  it('refuses every forged token that fits into a header', async () => {
    await start();
    const answers = new Map<string, number>();
    for (const [name, token] of await forgedTokens(signer)) {
      if (token.length >= 12_000) continue;
      const answer = await ask('GET', '/api/v2/math', token);
      await answer.body.dump();
      answers.set(name, answer.statusCode);
    }
    expect([...answers].filter(([, status]) => status !== 401)).toEqual([]);
    expect(answers.size).toBeGreaterThanOrEqual(80);
  });

  it('answers 503 in the envelope when its service is down, to those who may ask', async () => {
    await start({ ...signer.env, MATH_CORE_URL: await closedPort() });
    expect(await codeOf(await ask('POST', '/api/v2/math/topsis'))).toBe('UNAUTHENTICATED');
    expect(await codeOf(await ask('POST', '/api/v2/math/topsis', await signer.sign()))).toBe('SERVICE_UNAVAILABLE');
  });
});

describe('a route that is public', () => {
  it('takes reads from everybody, also with a token that is none, and wants one for the rest', async () => {
    await start();
    expect(await codeOf(await ask('GET', '/api/v2/providers'))).toBe(200);
    expect(await codeOf(await ask('GET', '/api/v2/providers', 'nonsense'))).toBe(200);
    expect(await codeOf(await ask('DELETE', '/api/v2/providers/1'))).toBe('UNAUTHENTICATED');
    expect(await codeOf(await ask('DELETE', '/api/v2/providers/1', await signer.sign()))).toBe(200);
  });

  it('is 404 where there is nothing, before any token is looked at', async () => {
    await start();
    expect(await codeOf(await ask('GET', '/api/v2/nowhere'))).toBe('NOT_FOUND');
    expect(await codeOf(await ask('GET', '/api/v2/nowhere', 'nonsense'))).toBe('NOT_FOUND');
  });
});

describe('what is charged', () => {
  const statuses = async (count: number, path: string, token?: string) => {
    const answers = await Promise.all(
      Array.from({ length: count }, async () => {
        const answer = await ask('GET', path, token);
        await answer.body.dump();
        return answer;
      }),
    );
    return answers.filter(({ statusCode }) => statusCode === 200).length;
  };

  it('is the tenant for a valid token, by its plan, and never the address', async () => {
    await start({ ...signer.env, RATE_LIMIT_IP_PER_MINUTE: '1' });
    const pro = await signer.sign({ claims: { plan: 'pro' } });
    expect(await statuses(40, '/api/v2/math', pro)).toBe(40);
    expect(await statuses(1, '/api/v2/providers')).toBe(1);
    expect(await statuses(1, '/api/v2/providers')).toBe(0);
    const headers = (await ask('GET', '/api/v2/providers', pro)).headers;
    expect(headers['ratelimit-limit']).toBe('100');
  });

  it('is one tenant for all of its users', async () => {
    await start();
    const tenant = { claims: { tenant_id: signer.claims().tenant_id } };
    const [one, other] = [await signer.sign(tenant), await signer.sign(tenant)];
    const [first, second] = await Promise.all([statuses(30, '/api/v2/math', one), statuses(30, '/api/v2/math', other)]);
    // All sixty within a second or two on a busy machine: ten a second.
    expect(first + second).toBeGreaterThanOrEqual(10);
    expect(first + second).toBeLessThanOrEqual(30);
  });

  it('is the address for a token that is refused', async () => {
    await start({ ...signer.env, RATE_LIMIT_IP_PER_MINUTE: '3' });
    const codes = [];
    for (let at = 0; at < 4; at += 1) codes.push(await codeOf(await ask('GET', '/api/v2/math', 'nonsense')));
    expect(codes).toEqual(['UNAUTHENTICATED', 'UNAUTHENTICATED', 'UNAUTHENTICATED', 'RATE_LIMITED']);
  });
});

describe('the keys', () => {
  it('come from auth, are asked for once by a storm of unknown kids, and stay while auth is away', async () => {
    const jwk = { ...signer.publicKey.export({ format: 'jwk' }), kid: signer.kid, alg: 'RS256', use: 'sig' };
    let asked = 0;
    const auth = createServer((request, response) => {
      if (request.url === '/.well-known/jwks.json') asked += 1;
      response.end(JSON.stringify({ keys: [jwk] }));
    });
    auth.listen(0, '127.0.0.1');
    await once(auth, 'listening');
    await start({ AUTH_URL: `http://127.0.0.1:${String((auth.address() as AddressInfo).port)}` });
    expect(await codeOf(await ask('GET', '/api/v2/math', await signer.sign()))).toBe(200);
    for (let at = 0; at < 50; at += 1) {
      const token = await signer.sign({ header: { kid: `unknown-${String(at)}` } });
      expect(await codeOf(await ask('GET', '/api/v2/math', token))).toBe('UNAUTHENTICATED');
    }
    expect(asked).toBe(1);
    auth.closeAllConnections();
    auth.close();
    expect(await codeOf(await ask('GET', '/api/v2/math', await signer.sign()))).toBe(200);
  });

  it('are 503 and not 401 while none could be had, and public reads go on', async () => {
    await start({ AUTH_URL: await closedPort() });
    expect(await codeOf(await ask('GET', '/api/v2/math', await signer.sign()))).toBe('SERVICE_UNAVAILABLE');
    expect(await codeOf(await ask('GET', '/api/v2/providers', await signer.sign()))).toBe(200);
  });
});

it('refuses an upgrade with a bad token, before the service is asked', async () => {
  await start();
  upstream.seen.length = 0;
  const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/ws/`, {
    headers: { authorization: 'Bearer nonsense' },
  });
  socket.on('error', () => undefined);
  const [, answer] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
  expect(answer.statusCode).toBe(401);
  expect(upstream.seen).toEqual([]);
});
