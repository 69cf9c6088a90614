import { createHash } from 'node:crypto';
import type { JwksDto, TokenPairDto } from '@gpubroker/contracts/auth';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { startAuth, type Problem, type RunningAuth } from './support/running-auth';

type Pair = TokenPairDto & Problem;

describe('sessions over HTTP', () => {
  let auth: RunningAuth;

  beforeAll(async () => {
    auth = await startAuth();
  });
  afterAll(() => auth.stop());

  const refresh = (refresh_token: string) => auth.post<Pair>('/api/v2/auth/refresh', { refresh_token });
  const me = (token: string) => auth.get<Problem>('/api/v2/auth/me', token);

  describe('the tokens', () => {
    it('carry what the specification names, for exactly 15 minutes and 7 days', async () => {
      const { access_token, refresh_token } = await auth.signedIn('claims@example.org');
      const access = decodeJwt(access_token);
      expect(access).toEqual({
        sub: 'claims@example.org',
        iss: 'gpubroker',
        aud: 'gpubroker-api',
        iat: expect.any(Number),
        exp: (access.iat ?? 0) + 900,
        jti: expect.any(String),
        uid: expect.any(String),
        sid: expect.any(String),
        type: 'access',
        tenant_id: expect.any(String),
        roles: ['tenant_admin'],
        plan: 'free',
      });
      const second = decodeJwt(refresh_token);
      expect(second).toMatchObject({ type: 'refresh', exp: (second.iat ?? 0) + 604_800, sid: access.sid });
      expect(second).not.toHaveProperty('roles');
    });

    it('are signed RS256 by a key of 3072 bits that the JWKS shows under the same kid', async () => {
      const { access_token } = await auth.signedIn('kid@example.org');
      const { kid, ...header } = decodeProtectedHeader(access_token);
      const { body } = await auth.get<JwksDto>('/.well-known/jwks.json');
      expect(header).toEqual({ alg: 'RS256', typ: 'at+jwt' });
      expect(body.keys).toEqual([
        { kid, alg: 'RS256', use: 'sig', kty: 'RSA', e: 'AQAB', n: expect.stringMatching(/^[\w-]{512}$/) },
      ]);
    });

    it('do not pass for each other', async () => {
      const { access_token, refresh_token } = await auth.signedIn('kinds@example.org');
      expect((await me(refresh_token)).status).toBe(401);
      expect((await refresh(access_token)).status).toBe(401);
    });
  });

  describe('refreshing', () => {
    it('gives a new pair of the same session and ends the old token', async () => {
      const first = await auth.signedIn('again@example.org');
      const { status, body } = await refresh(first.refresh_token);
      expect(status).toBe(200);
      expect(body).toMatchObject({ token_type: 'bearer', expires_in: 900 });
      expect(body.refresh_token).not.toBe(first.refresh_token);
      expect(decodeJwt(body.access_token).sid).toBe(decodeJwt(first.access_token).sid);
      expect((await me(body.access_token)).status).toBe(200);
    });

    it('ends the whole session when a token comes a second time', async () => {
      const first = await auth.signedIn('reuse@example.org');
      const second = await refresh(first.refresh_token);
      expect((await refresh(first.refresh_token)).status).toBe(401);
      expect((await refresh(second.body.refresh_token)).status).toBe(401);
      expect(auth.log()).toContain('a refresh token was used again');
    });

    it('leaves the other sessions of the user alone', async () => {
      const one = await auth.signedIn('both@example.org');
      const { body: two } = await auth.login('both@example.org');
      await refresh(one.refresh_token);
      await refresh(one.refresh_token);
      expect((await refresh(two.refresh_token)).status).toBe(200);
    });

    it('lets at most one of twenty parallel uses win, and nothing of the session is left, ten times over', async () => {
      await auth.register('storm@example.org');
      for (let round = 0; round < 10; round += 1) {
        const { body } = await auth.login('storm@example.org');
        const answers = await Promise.all(Array.from({ length: 20 }, () => refresh(body.refresh_token)));
        const winners = answers.filter(({ status }) => status === 200);
        expect(winners).toHaveLength(1);
        expect(answers.filter(({ status }) => status === 401)).toHaveLength(19);
        expect((await refresh(winners[0]?.body.refresh_token ?? '')).status).toBe(401);
        const live = await auth.sql(
          'SELECT 1 FROM auth.refresh_tokens WHERE family = $1 AND used_at IS NULL AND revoked_at IS NULL',
          [decodeJwt(body.refresh_token).sid],
        );
        expect(live).toEqual([]);
      }
    });

    it('takes the new plan and role of the user into the new token', async () => {
      const { refresh_token } = await auth.signedIn('promoted@example.org');
      await auth.sql("UPDATE users SET role = 'admin' WHERE email = 'promoted@example.org'");
      await auth.sql("UPDATE tenants SET plan = 'pro' WHERE name = 'promoted@example.org'");
      const { body } = await refresh(refresh_token);
      expect(decodeJwt(body.access_token)).toMatchObject({ roles: ['admin'], plan: 'pro' });
    });

    it('is refused once the user is deactivated, and stays so', async () => {
      const { refresh_token } = await auth.signedIn('banned@example.org');
      await auth.sql("UPDATE users SET is_active = false WHERE email = 'banned@example.org'");
      expect((await refresh(refresh_token)).status).toBe(401);
      await auth.sql("UPDATE users SET is_active = true WHERE email = 'banned@example.org'");
      expect((await refresh(refresh_token)).status).toBe(401);
    });

    it('is refused for a token whose row is over, unknown, or no token', async () => {
      const { refresh_token } = await auth.signedIn('late@example.org');
      const { body: gone } = await auth.login('late@example.org');
      await auth.sql('DELETE FROM auth.refresh_tokens WHERE hash = $1', [hashOf(gone.refresh_token)]);
      await auth.sql("UPDATE auth.refresh_tokens SET expires_at = now() - interval '1 s' WHERE hash = $1", [
        hashOf(refresh_token),
      ]);
      for (const token of [refresh_token, gone.refresh_token, 'nonsense', ''])
        expect((await refresh(token)).status).toBe(401);
    });

    it('keeps no refresh token that could be used in the table', async () => {
      const { refresh_token } = await auth.signedIn('dump@example.org');
      const rows = await auth.sql<{ text: string }>('SELECT t::text AS text FROM auth.refresh_tokens t');
      const dump = rows.map(({ text }) => text).join('\n');
      const id = decodeJwt(refresh_token).jti ?? '';
      expect(dump).not.toContain(id);
      expect(dump).not.toContain(Buffer.from(id).toString('hex'));
      expect(dump).toContain(hashOf(refresh_token).toString('hex'));
    });
  });

  describe('logging out', () => {
    it('ends the session of the access token', async () => {
      const { access_token, refresh_token } = await auth.signedIn('out@example.org');
      const { status, body } = await auth.post('/api/v2/auth/logout', undefined, access_token);
      expect([status, body]).toEqual([200, { logged_out: true }]);
      expect((await refresh(refresh_token)).status).toBe(401);
    });

    it("ends another session of the caller's that is named by its refresh token", async () => {
      const { access_token } = await auth.signedIn('two-devices@example.org');
      const { body: other } = await auth.login('two-devices@example.org');
      await auth.post('/api/v2/auth/logout', { refresh_token: other.refresh_token }, access_token);
      expect((await refresh(other.refresh_token)).status).toBe(401);
    });

    it("does not end somebody else's, and takes no offence at what is no token", async () => {
      const { access_token } = await auth.signedIn('mallory@example.org');
      const victim = await auth.signedIn('victim@example.org');
      for (const refresh_token of [victim.refresh_token, 'nonsense'])
        expect((await auth.post('/api/v2/auth/logout', { refresh_token }, access_token)).status).toBe(200);
      expect((await refresh(victim.refresh_token)).status).toBe(200);
    });

    it('needs a token', async () => {
      expect((await auth.post('/api/v2/auth/logout', {})).status).toBe(401);
    });
  });
});

const hashOf = (refreshToken: string): Buffer =>
  createHash('sha256')
    .update(decodeJwt(refreshToken).jti ?? '')
    .digest();
