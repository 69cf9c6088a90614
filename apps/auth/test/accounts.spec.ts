import type { ProfileDto, TokenPairDto } from '@gpubroker/contracts/auth';
import { PASSWORD, startAuth, type Problem, type RunningAuth } from './support/running-auth';

describe('accounts over HTTP', () => {
  let auth: RunningAuth;

  beforeAll(async () => {
    auth = await startAuth();
  });
  afterAll(() => auth.stop());

  describe('registering', () => {
    it('answers 201 with the new user and nothing secret', async () => {
      const { status, body } = await auth.register('Grace@Example.org', { organization: 'Example Labs' });
      expect(status).toBe(201);
      expect(body).toEqual({
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        email: 'Grace@Example.org',
        full_name: 'Grace Hopper',
        organization: 'Example Labs',
        is_active: true,
        created_at: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
      });
    });

    it('refuses an address that differs only in case with 409', async () => {
      await auth.register('twice@example.org');
      const { status, body } = await auth.register('TWICE@example.org');
      expect(status).toBe(409);
      expect(body.error.code).toBe('CONFLICT');
    });

    it('lets one of eight registrations of an address through', async () => {
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, at) => auth.register(at % 2 ? 'race@example.org' : 'Race@example.org')),
      );
      // On a loaded machine some wait over 2 s for their hash and are sent away with 503.
      expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
      expect(answers.filter(({ status }) => ![201, 409, 503].includes(status))).toEqual([]);
    });

    it('gives each registration its own tenant, also under a name that is taken', async () => {
      await auth.register('first@acme.example', { organization: 'Acme' });
      await auth.register('second@acme.example', { organization: 'Acme' });
      const rows = await auth.sql<{ name: string; plan: string; rate_limit_rps: number; ws_limit: number }>(
        `SELECT t.name, t.plan, t.rate_limit_rps, t.ws_limit FROM tenants t JOIN users u ON u.tenant_id = t.id
         WHERE u.email LIKE '%@acme.example' ORDER BY u.created_at`,
      );
      expect(rows[0]).toEqual({ name: 'Acme', plan: 'free', rate_limit_rps: 10, ws_limit: 5 });
      expect(rows[1]?.name).toMatch(/^Acme-[0-9a-f]{8}$/);
    });

    it.each([
      ['a short password', { password: 'seven77' }, 'password'],
      ['a listed password', { password: 'Password123!' }, 'password'],
      ['a password of 129 characters', { password: 'xy'.repeat(64) + 'z' }, 'password'],
      ['the address as password', { password: 'weak@example.org' }, 'password'],
      ['an address that is none', { email: 'nobody' }, 'email'],
      ['an address whose case another script folds', { email: 'nobody@MÜNCHEN.example' }, 'email'],
      ['an empty name', { full_name: '' }, 'full_name'],
      ['a name that nobody sees', { full_name: ' \t\u00a0' }, 'full_name'],
      ['an organization that nobody sees', { organization: '  ' }, 'organization'],
      ['half a character', { password: 'four-quiet\ud800llamas' }, '(body)'],
      ['an unknown member', { role: 'admin' }, 'role'],
    ])('refuses %s with 422 and names the field', async (_what, change, field) => {
      const { status, body } = await auth.register('weak@example.org', change);
      expect(status).toBe(422);
      expect(body.error.details?.map((detail) => detail.field)).toEqual([field]);
    });

    it('tells passwords apart that are equal in their first 72 bytes', async () => {
      const start = '🦙'.repeat(20);
      await auth.register('long@example.org', { password: `${start} one` });
      expect((await auth.login('long@example.org', `${start} two`)).status).toBe(401);
      expect((await auth.login('long@example.org', `${start} one`)).status).toBe(200);
    });

    it('keeps the password as Argon2id hash of the stated cost, and nowhere else', async () => {
      await auth.register('hash@example.org');
      const [row] = await auth.sql<{ password: string; password_hash: string }>(
        "SELECT password, password_hash FROM users WHERE email = 'hash@example.org'",
      );
      expect(row?.password_hash).toMatch(/^\$argon2id\$v=19\$m=47104,t=1,p=1\$/);
      expect(row?.password).toBe('!');
      expect(auth.log()).not.toContain(PASSWORD);
    });
  });

  describe('signing in', () => {
    it('gives a bearer pair for the address in any case', async () => {
      await auth.register('case@example.org');
      const { status, body } = await auth.login('CASE@Example.ORG');
      expect(status).toBe(200);
      expect(body).toEqual({
        access_token: expect.stringMatching(/^eyJ/),
        refresh_token: expect.stringMatching(/^eyJ/),
        token_type: 'bearer',
        expires_in: 900,
      });
    });

    it('answers an unknown address exactly as a wrong password', async () => {
      await auth.register('known@example.org');
      const wrong = await auth.login('known@example.org', 'not-the-password');
      const unknown = await auth.login('unknown@example.org', 'not-the-password');
      const plain = ({ body }: { body: Problem }) => ({ ...body, error: { ...body.error, trace_id: '' } });
      expect([wrong.status, unknown.status]).toEqual([401, 401]);
      expect(plain(unknown)).toEqual(plain(wrong));
    });

    it('refuses a deactivated user as it refuses a wrong password', async () => {
      await auth.register('gone@example.org');
      await auth.sql("UPDATE users SET is_active = false WHERE email = 'gone@example.org'");
      const { status, body } = await auth.login('gone@example.org');
      expect({ status, detail: body.detail }).toEqual({ status: 401, detail: 'Wrong e-mail address or password' });
    });

    it('opens no account that asks for a second factor with the password alone', async () => {
      await auth.register('two@example.org');
      await auth.sql("UPDATE users SET mfa_enabled = true, mfa_secret = 'X' WHERE email = 'two@example.org'");
      const { status, body } = await auth.login('two@example.org');
      expect([status, Object.keys(body).sort()]).toEqual([200, ['mfa_required', 'mfa_token']]);
    });

    it.each([['known-slow@example.org'], ['never-registered@example.org']])(
      'lets %s fail five times for nothing, then makes it wait, longer each time',
      async (email) => {
        if (email.startsWith('known')) await auth.register(email);
        for (let failure = 1; failure <= 5; failure += 1)
          expect((await auth.login(email, 'wrong-guess')).status).toBe(401);
        // The last failure is put where a slow machine cannot outlast the delay, then where the delay is over.
        const lastFailed = (when: string) =>
          auth.sql(`UPDATE auth.sign_in_failures SET failed_at = clock_timestamp() + interval '${when}'`);
        await lastFailed('100 s');
        const refused = await auth.login(email);
        expect(refused.status).toBe(429);
        expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(1);
        await lastFailed('-1.5 s');
        expect((await auth.login(email, 'wrong-guess')).status).toBe(401);
        await lastFailed('100 s');
        expect((await auth.login(email)).status).toBe(429);
      },
    );

    it('forgets the failures of an address that signs in', async () => {
      await auth.register('sorry@example.org');
      for (let failure = 1; failure <= 4; failure += 1) await auth.login('sorry@example.org', 'wrong-guess');
      expect((await auth.login('sorry@example.org')).status).toBe(200);
      for (let failure = 1; failure <= 4; failure += 1) await auth.login('sorry@example.org', 'wrong-guess');
      expect((await auth.login('sorry@example.org')).status).toBe(200);
    });

    it('lets no more guesses through in parallel than one after the other, but for those being computed', async () => {
      await auth.register('parallel@example.org');
      const answers = await Promise.all(
        Array.from({ length: 40 }, () => auth.login('parallel@example.org', 'wrong-guess')),
      );
      const evaluated = answers.filter(({ status }) => status === 401).length;
      expect(evaluated).toBeGreaterThanOrEqual(1);
      expect(evaluated).toBeLessThanOrEqual(5 + 10);
      expect(answers.filter(({ status }) => ![401, 429, 503].includes(status))).toEqual([]);
    });
  });

  describe('the profile', () => {
    it('is that of the token', async () => {
      const { access_token } = await auth.signedIn('me@example.org');
      const { status, body } = await auth.get<ProfileDto>('/api/v2/auth/me', access_token);
      expect(status).toBe(200);
      expect(body).toMatchObject({
        email: 'me@example.org',
        roles: ['tenant_admin'],
        mfa_enabled: false,
        tenant: { name: 'me@example.org', plan: 'free', rate_limit_rps: 10, ws_limit: 5 },
      });
      expect(body.tenant.id).toBe(body.tenant_id);
    });

    it('is refused without a token, and once the user is deactivated', async () => {
      expect((await auth.get('/api/v2/auth/me')).status).toBe(401);
      const { access_token } = await auth.signedIn('leaver@example.org');
      await auth.sql("UPDATE users SET is_active = false WHERE email = 'leaver@example.org'");
      expect((await auth.get('/api/v2/auth/me', access_token)).status).toBe(401);
    });
  });

  it('says 404 and 405 before it asks for a token', async () => {
    expect((await auth.get('/api/v2/auth/nothing')).status).toBe(404);
    const wrong = await auth.post('/api/v2/auth/me', {});
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET']);
  });

  it('documents every operation with the failures that it can give', async () => {
    const { body } = await auth.get<{
      paths: Record<string, Record<string, { operationId: string; responses: object }>>;
    }>('/openapi.json');
    const operations = Object.values(body.paths).flatMap((item) => Object.values(item));
    expect(operations.map(({ operationId }) => operationId)).toEqual(
      expect.arrayContaining(['getJwks', 'getProfile', 'login', 'loginWithMfa', 'logout', 'refresh', 'register']),
    );
    expect(Object.keys(body.paths['/api/v2/auth/login']?.post?.responses ?? {})).toEqual(
      expect.arrayContaining(['200', '401', '422', '429', '503']),
    );
  });

  it('writes no token and no password into the log', async () => {
    const { access_token, refresh_token } = await auth.signedIn('log@example.org');
    await auth.post<TokenPairDto>('/api/v2/auth/refresh', { refresh_token });
    await auth.get('/api/v2/auth/me', access_token);
    for (const secret of [access_token, refresh_token, PASSWORD]) expect(auth.log()).not.toContain(secret);
  });
});

describe('registering oftener than the limit', () => {
  it('is refused with 429 and Retry-After', async () => {
    const auth = await startAuth({ env: { REGISTRATION_LIMIT_PER_MINUTE: '2' } });
    try {
      const statuses = [];
      for (const name of ['a', 'b', 'c']) statuses.push(await auth.register(`${name}@example.org`));
      expect(statuses.map(({ status }) => status)).toEqual([201, 201, 429]);
      expect(Number(statuses[2]?.headers.get('retry-after'))).toBeGreaterThan(50);
    } finally {
      await auth.stop();
    }
  });
});
