import { JwksKeys, keysOfJwks, verifyToken } from '@gpubroker/platform/auth';
import { LocalServer } from '@gpubroker/testing/local-server';
import { KEYS, sign, TRUST } from './signing';

const OWN = { ...KEYS.publicKey.export({ format: 'jwk' }), kid: KEYS.kid, alg: 'RS256', use: 'sig' };

describe('the keys of a JWKS address', () => {
  let server: LocalServer;
  let asked = 0;
  let answer: { status: number; body: string };
  let clock = 0;
  let keys: JwksKeys;

  beforeEach(async () => {
    asked = 0;
    clock = 0;
    answer = { status: 200, body: JSON.stringify({ keys: [OWN] }) };
    server = await LocalServer.start((_request, response) => {
      asked += 1;
      response.writeHead(answer.status).end(answer.body);
    });
    const times = { askAgainAfterMs: 30_000, retryAfterMs: 1_000, refreshAfterMs: 300_000, timeoutMs: 500 };
    keys = new JwksKeys(`${server.url}/.well-known/jwks.json`, times, () => clock);
  });
  afterEach(() => server.stop());

  const verify = async () => verifyToken(await sign(), 'access', { ...TRUST, keys });

  it('are asked for once, however many tokens come at the start', async () => {
    await Promise.all(Array.from({ length: 20 }, verify));
    expect(asked).toBe(1);
  });

  it('are asked for once in thirty seconds by a storm of unknown kids', async () => {
    await verify();
    for (let at = 0; at < 1_000; at += 1) expect(await keys.find(`unknown-${at}`)).toBeNull();
    expect(asked).toBe(1);
    clock += 30_000;
    await Promise.all(Array.from({ length: 1_000 }, (_, at) => keys.find(`unknown-${at}`)));
    expect(asked).toBe(2);
  });

  it('go on verifying while the address is down', async () => {
    await verify();
    answer = { status: 500, body: 'broken' };
    clock += 600_000;
    await verify();
    await verify();
    await expect(verify()).resolves.toBeDefined();
  });

  it('are 503 and not 401 as long as none could be had, and come back by themselves', async () => {
    answer = { status: 500, body: '' };
    await expect(verify()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    answer = { status: 200, body: JSON.stringify({ keys: [OWN] }) };
    await expect(verify()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    clock += 1_000;
    await expect(verify()).resolves.toBeDefined();
  });

  it('leave when the address no longer shows them', async () => {
    await verify();
    answer = { status: 200, body: JSON.stringify({ keys: [] }) };
    clock += 300_000;
    await verify();
    await new Promise((resolve) => setTimeout(resolve, 100));
    await expect(verify()).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it.each([
    ['a document that is none', 'hello'],
    ['a redirect', ''],
    ['something far too long', JSON.stringify({ keys: [OWN], more: 'x'.repeat(70_000) })],
  ])('are not taken from %s', async (what, body) => {
    answer = { status: what === 'a redirect' ? 302 : 200, body };
    await expect(verify()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });
});

it('leaves out of a JWKS what cannot verify signatures', () => {
  const found = keysOfJwks({
    keys: [
      OWN,
      { ...OWN, kid: 'for encryption', use: 'enc' },
      { ...OWN, kid: 'no alg', alg: undefined },
      { ...OWN, kid: 'short', n: 'u1SU1LfVLPHCozMxH2Mo' },
      { ...OWN, kid: 'broken', n: 5 },
      { kty: 'oct', kid: 'symmetric', alg: 'HS256', k: 'c2VjcmV0' },
      'hello',
    ],
  });
  expect([...found.keys()]).toEqual([KEYS.kid]);
});
