import { Controller, Get, Module, type DynamicModule } from '@nestjs/common';
import type { AccessClaims } from '@gpubroker/contracts/auth';
import { accessControl, bindingOf, Caller, Public, Roles, tokenEnv, toTokenTrust } from '@gpubroker/platform/auth';
import { loadEnv, serviceEnv } from '@gpubroker/platform/config';
import { defineService, startService, type RunningService } from '@gpubroker/platform/service';
import { z } from 'zod';
import { forgedTokens } from '@gpubroker/testing/tokens';
import { claimsOf, PUBLIC_PEM, sign, SIGNER } from './signing';

@Controller('api/v2/doors')
class DoorsController {
  @Public()
  @Get('open')
  open(): { open: true } {
    return { open: true };
  }

  @Get('closed')
  closed(@Caller() caller: AccessClaims): { email: string } {
    return { email: caller.sub };
  }

  @Roles('admin', 'tenant_admin')
  @Get('admin')
  admin(): { admin: true } {
    return { admin: true };
  }

  @Public()
  @Get('mistaken')
  mistaken(@Caller() caller: AccessClaims): AccessClaims {
    return caller;
  }
}

@Module({})
class DoorsModule {}

const doors = (name: string) =>
  defineService({
    name,
    defaultPort: 0,
    env: tokenEnv,
    toConfig: (values) => toTokenTrust(name, values),
    module: (trust): DynamicModule => ({
      module: DoorsModule,
      controllers: [DoorsController],
      providers: accessControl(() => trust),
    }),
  });

describe('a guarded service', () => {
  let service: RunningService;
  const lines: string[] = [];

  beforeAll(async () => {
    service = await startService(
      doors('doors'),
      { DOORS_PORT: '0', JWT_PUBLIC_KEY: PUBLIC_PEM.replaceAll('\n', '\\n') },
      { logDestination: { write: (line: string) => void lines.push(line) } },
    );
  });
  afterAll(() => service.stop());

  const ask = async (path: string, token?: string, scheme = 'Bearer') => {
    const response = await fetch(`${service.url}${path}`, {
      headers: token === undefined ? {} : { authorization: `${scheme} ${token}` },
    });
    return { status: response.status, body: (await response.json()) as { error?: { code: string } } };
  };

  it('is open only where it says so, and for health and metrics', async () => {
    expect((await ask('/api/v2/doors/open')).status).toBe(200);
    expect((await ask('/api/v2/doors/closed')).body.error?.code).toBe('UNAUTHENTICATED');
    for (const path of ['/health', '/metrics', '/openapi.json'])
      expect((await fetch(`${service.url}${path}`)).status).toBe(200);
    expect((await ask('/api/v2/nothing')).status).toBe(404);
  });

  it('tells the handler who asks, and the log too', async () => {
    const claims = claimsOf();
    expect(await ask('/api/v2/doors/closed', await sign({ claims }))).toEqual({
      status: 200,
      body: { email: 'ada@example.org' },
    });
    expect(lines.join('')).toContain(`"user_id":"${String(claims.uid)}"`);
  });

  it('takes the token as bearer only', async () => {
    expect((await ask('/api/v2/doors/closed', await sign(), 'Basic')).status).toBe(401);
    expect((await ask(`/api/v2/doors/closed?access_token=${await sign()}`)).status).toBe(401);
  });

  it('takes the scheme in any case, and nothing beside the token', async () => {
    const token = await sign();
    for (const scheme of ['bearer', 'BEARER', 'Bearer ']) {
      expect((await ask('/api/v2/doors/closed', token, scheme)).status).toBe(200);
      for (const more of [' x', `, Bearer ${token}`, `"`, ' =', `\t${token}`])
        expect((await ask('/api/v2/doors/closed', token + more, scheme)).status).toBe(401);
    }
  });

  it('says with every 401 how to come in', async () => {
    const challenge = async (token?: string) =>
      (
        await fetch(`${service.url}/api/v2/doors/closed`, {
          headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
        })
      ).headers.get('www-authenticate');
    const past = Math.floor(Date.now() / 1000) - 60;
    expect(await challenge()).toBe('Bearer realm="gpubroker"');
    expect(await challenge('x.y.z')).toBe('Bearer realm="gpubroker", error="invalid_token"');
    expect(await challenge(await sign({ claims: { iat: past - 900, exp: past } }))).toBe(
      'Bearer realm="gpubroker", error="invalid_token", error_description="The token has expired"',
    );
  });

  it('refuses a bound token with another fingerprint and without', async () => {
    const token = await sign({ claims: { fph: bindingOf('a browser') } });
    const statusWith = async (headers: Record<string, string>) =>
      (await fetch(`${service.url}/api/v2/doors/closed`, { headers: { authorization: `Bearer ${token}`, ...headers } }))
        .status;
    expect(await statusWith({ 'x-client-fingerprint': 'a browser' })).toBe(200);
    expect(await statusWith({ 'x-client-fingerprint': 'another' })).toBe(401);
    expect(await statusWith({ 'x-client-fingerprint': '' })).toBe(401);
    expect(await statusWith({})).toBe(401);
  });

  it('says 403 to a role that is not enough, 200 to one of those that are', async () => {
    expect((await ask('/api/v2/doors/admin', await sign())).status).toBe(403);
    for (const role of ['admin', 'tenant_admin'])
      expect((await ask('/api/v2/doors/admin', await sign({ claims: { roles: [role] } }))).status).toBe(200);
  });

  it('knows no caller where none was asked for', async () => {
    expect((await ask('/api/v2/doors/mistaken', await sign())).status).toBe(401);
  });

  it('refuses every forged token that fits into a header', async () => {
    const answers = new Map<string, number>();
    for (const [name, token] of await forgedTokens(SIGNER))
      if (token.length < 12_000) answers.set(name, (await ask('/api/v2/doors/closed', token)).status);
    expect([...answers].filter(([, status]) => status !== 401)).toEqual([]);
    expect(answers.size).toBeGreaterThanOrEqual(80);
  });

  it('in one process with another believes its own keys only', async () => {
    const other = await startService(doors('others'), {
      OTHERS_PORT: '0',
      AUTH_URL: 'http://127.0.0.1:9',
      LOG_LEVEL: 'silent',
    });
    try {
      const headers = { authorization: `Bearer ${await sign()}` };
      expect((await fetch(`${other.url}/api/v2/doors/closed`, { headers })).status).toBe(503);
      expect((await fetch(`${service.url}/api/v2/doors/closed`, { headers })).status).toBe(200);
    } finally {
      await other.stop();
    }
  });
});

describe('the configuration of the verifier', () => {
  const load = (env: Record<string, string>) =>
    toTokenTrust('doors', loadEnv('doors', z.object({ ...serviceEnv, ...tokenEnv }), env));

  it('wants a key or the address of auth in production', () => {
    expect(() => load({ NODE_ENV: 'production' })).toThrow(/JWT_PUBLIC_KEY.*AUTH_URL/);
    expect(() => load({ NODE_ENV: 'production', AUTH_URL: 'http://auth:8101' })).not.toThrow();
    expect(() => load({})).not.toThrow();
  });

  it('refuses a key that is none, and algorithms by which a verifier could sign', () => {
    expect(() => load({ JWT_PUBLIC_KEY: 'nonsense' })).toThrow(/JWT_PUBLIC_KEY/);
    expect(() => load({ JWT_ALGORITHMS: 'HS256' })).toThrow(/JWT_ALGORITHMS/);
  });
});
