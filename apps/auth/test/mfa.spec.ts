import type { MfaEnrolmentDto, MfaRequiredDto, ProfileDto, TokenPairDto } from '@gpubroker/contracts/auth';
import { legacyDatabase } from '@gpubroker/testing/postgres';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { generateSync } from 'otplib';
import { PASSWORD, startAuth, type Answer, type Problem, type RunningAuth } from './support/running-auth';

type Enrolment = MfaEnrolmentDto & Problem;
type State = { mfa_enabled: boolean } & Problem;
type Pair = TokenPairDto & Problem;
type Half = MfaRequiredDto & Problem;

/** The code of the present step, or of one beside it. */
const codeOf = (secret: string, away = 0): string =>
  generateSync({ secret, epoch: Math.floor(Date.now() / 1000) + away * 30 });

/** Six digits that are none of the three that would be taken. */
const wrongCodeOf = (secret: string, nth = 0): string => {
  const right = new Set([-2, -1, 0, 1, 2].map((away) => codeOf(secret, away)));
  const wrong = Array.from({ length: 20 }, (_, at) => String(100_000 + at)).filter((code) => !right.has(code));
  return wrong[nth] ?? '';
};

describe('the second factor over HTTP', () => {
  let auth: RunningAuth;

  beforeAll(async () => {
    auth = await startAuth();
  });
  afterAll(() => auth.stop());

  const enroll = (token: string) => auth.post<Enrolment>('/api/v2/auth/mfa/enroll', undefined, token);
  const verify = (token: string, code: string) => auth.post<State>('/api/v2/auth/mfa/verify', { code }, token);
  const disable = (token: string, code: string, password = PASSWORD) =>
    auth.post<State>('/api/v2/auth/mfa/disable', { password, code }, token);
  const answer = (mfa_token: string, code: string) => auth.post<Pair>('/api/v2/auth/mfa/login', { mfa_token, code });
  const half = async (email: string): Promise<string> =>
    ((await auth.login(email)) as unknown as Answer<Half>).body.mfa_token;
  /** Codes work once; a test that needs the same one again says that it was not used. */
  const forgetStep = () => auth.sql('UPDATE auth.second_factors SET last_step = 0');

  /** A user with the factor on, whose present code is unused. */
  async function withFactor(email: string) {
    const tokens = await auth.signedIn(email);
    const { body } = await enroll(tokens.access_token);
    expect((await verify(tokens.access_token, codeOf(body.secret))).status).toBe(200);
    await forgetStep();
    return { ...tokens, ...body };
  }

  describe('enrolling', () => {
    it('gives a secret, its address for authenticators, and ten codes', async () => {
      const { access_token } = await auth.signedIn('enrol@example.org');
      const { status, body } = await enroll(access_token);
      expect(status).toBe(200);
      expect(body.secret).toMatch(/^[A-Z2-7]{32}$/);
      expect(new Set(body.recovery_codes).size).toBe(10);
      expect(decodeURIComponent(body.otpauth_uri)).toBe(
        `otpauth://totp/GPUBROKER:enrol@example.org?secret=${body.secret}&issuer=GPUBROKER`,
      );
    });

    it('asks for nothing at login before it is verified', async () => {
      const { access_token } = await auth.signedIn('pending@example.org');
      await enroll(access_token);
      expect((await auth.login('pending@example.org')).body.access_token).toBeDefined();
      const { body } = await auth.get<ProfileDto>('/api/v2/auth/me', access_token);
      expect(body.mfa_enabled).toBe(false);
    });

    it('a second time replaces the first', async () => {
      const { access_token } = await auth.signedIn('again@example.org');
      const first = await enroll(access_token);
      const second = await enroll(access_token);
      expect((await verify(access_token, codeOf(first.body.secret))).status).toBe(401);
      expect((await verify(access_token, codeOf(second.body.secret))).status).toBe(200);
    });

    it('is refused with 409 while one is on, and without a token', async () => {
      const { access_token } = await withFactor('already@example.org');
      expect((await enroll(access_token)).status).toBe(409);
      expect((await verify(access_token, '123456')).status).toBe(409);
      expect((await auth.post('/api/v2/auth/mfa/enroll')).status).toBe(401);
    });

    it('keeps neither secret nor codes where a dump or the log would show them', async () => {
      const { secret, recovery_codes } = await withFactor('dump@example.org');
      const rows = await auth.sql<{ text: string }>(
        `SELECT u::text AS text FROM users u UNION ALL SELECT r::text FROM auth.recovery_codes r
         UNION ALL SELECT a::text FROM audit_logs a`,
      );
      const seen = rows.map(({ text }) => text).join('\n') + auth.log();
      for (const hidden of [secret, ...recovery_codes]) {
        expect(seen).not.toContain(hidden);
        expect(seen).not.toContain(hidden.replaceAll('-', ''));
      }
    });

    it('writes a secret that opens for nobody else', async () => {
      const one = await withFactor('owner@example.org');
      await withFactor('thief@example.org');
      await auth.sql(
        `UPDATE users SET mfa_secret = (SELECT mfa_secret FROM users WHERE email = 'owner@example.org')
         WHERE email = 'thief@example.org'`,
      );
      expect((await answer(await half('thief@example.org'), codeOf(one.secret))).status).toBe(401);
      expect(auth.log()).toContain('sealed under another key');
    });
  });

  describe('verifying', () => {
    it('turns it on and ends the other sessions', async () => {
      const { access_token, refresh_token } = await auth.signedIn('on@example.org');
      const { body: other } = await auth.login('on@example.org');
      const { body } = await enroll(access_token);
      const { status, body: state } = await verify(access_token, codeOf(body.secret));
      expect([status, state]).toEqual([200, { mfa_enabled: true }]);
      expect((await auth.post('/api/v2/auth/refresh', { refresh_token: other.refresh_token })).status).toBe(401);
      expect((await auth.post('/api/v2/auth/refresh', { refresh_token })).status).toBe(200);
    });

    it('refuses a wrong code and a recovery code with 401, and without enrolment with 409', async () => {
      const { access_token } = await auth.signedIn('careless@example.org');
      expect((await verify(access_token, '123456')).status).toBe(409);
      const { body } = await enroll(access_token);
      expect((await verify(access_token, wrongCodeOf(body.secret))).status).toBe(401);
      expect((await verify(access_token, body.recovery_codes[0] ?? '')).status).toBe(401);
      expect((await auth.login('careless@example.org')).body.access_token).toBeDefined();
    });
  });

  describe('signing in', () => {
    it('takes the password, then the code', async () => {
      const { secret } = await withFactor('both@example.org');
      const first = (await auth.login('both@example.org')) as unknown as Answer<Half>;
      expect(first.status).toBe(200);
      expect(first.body).toEqual({ mfa_required: true, mfa_token: expect.stringMatching(/^eyJ/) });
      const { status, body } = await answer(first.body.mfa_token, codeOf(secret));
      expect(status).toBe(200);
      expect(body).toMatchObject({ token_type: 'bearer', expires_in: 900 });
      expect((await auth.get('/api/v2/auth/me', body.access_token)).status).toBe(200);
      expect((await auth.post('/api/v2/auth/refresh', { refresh_token: body.refresh_token })).status).toBe(200);
    });

    it('gives an mfa_token of five minutes that is good for nothing else', async () => {
      const { access_token, refresh_token } = await withFactor('kinds@example.org');
      const mfa_token = await half('kinds@example.org');
      const { iat = 0, exp } = decodeJwt(mfa_token);
      expect([decodeProtectedHeader(mfa_token).typ, exp]).toEqual(['mfa+jwt', iat + 300]);
      expect((await auth.get('/api/v2/auth/me', mfa_token)).status).toBe(401);
      expect((await auth.post('/api/v2/auth/refresh', { refresh_token: mfa_token })).status).toBe(401);
      for (const token of [access_token, refresh_token, 'nonsense'])
        expect((await answer(token, '123456')).status).toBe(401);
    });

    it('takes the code of the step before and after, not of two away', async () => {
      const { secret } = await withFactor('clock@example.org');
      for (const [away, status] of [
        [-2, 401],
        [2, 401],
        [-1, 200],
        [1, 200],
      ] as const)
        expect([away, (await answer(await half('clock@example.org'), codeOf(secret, away))).status]).toEqual([
          away,
          status,
        ]);
    });

    it('takes a code once: of fifty parallel uses exactly one', async () => {
      const { secret } = await withFactor('fifty@example.org');
      const tokens = await Promise.all(Array.from({ length: 5 }, () => half('fifty@example.org')));
      const code = codeOf(secret);
      const answers = await Promise.all(Array.from({ length: 50 }, (_, at) => answer(tokens[at % 5] ?? '', code)));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      expect(answers.filter(({ status }) => ![200, 401, 429].includes(status))).toEqual([]);
    });

    it('does not take it twice one after the other, nor an mfa_token', async () => {
      const { secret } = await withFactor('twice@example.org');
      const used = await half('twice@example.org');
      expect((await answer(used, codeOf(secret))).status).toBe(200);
      expect((await answer(await half('twice@example.org'), codeOf(secret))).status).toBe(401);
      expect((await answer(used, codeOf(secret, 1))).status).toBe(401);
    });

    it('takes each recovery code once, also of fifty parallel uses', async () => {
      const { recovery_codes } = await withFactor('lost@example.org');
      const [code = '', next = ''] = recovery_codes;
      const tokens = await Promise.all(Array.from({ length: 5 }, () => half('lost@example.org')));
      const answers = await Promise.all(Array.from({ length: 50 }, (_, at) => answer(tokens[at % 5] ?? '', code)));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      await auth.sql('DELETE FROM auth.sign_in_failures');
      expect((await answer(await half('lost@example.org'), code)).status).toBe(401);
      expect((await answer(await half('lost@example.org'), next.toUpperCase().replaceAll('-', ' '))).status).toBe(200);
    });

    it("does not take somebody else's recovery code", async () => {
      const { recovery_codes } = await withFactor('hers@example.org');
      await withFactor('his@example.org');
      expect((await answer(await half('his@example.org'), recovery_codes[0] ?? '')).status).toBe(401);
      expect((await answer(await half('hers@example.org'), recovery_codes[0] ?? '')).status).toBe(200);
    });

    it('ends an mfa_token with its fifth wrong code', async () => {
      const { secret } = await withFactor('five@example.org');
      const token = await half('five@example.org');
      for (let nth = 0; nth < 5; nth += 1) expect((await answer(token, wrongCodeOf(secret, nth))).status).toBe(401);
      await auth.sql('DELETE FROM auth.sign_in_failures');
      expect((await answer(token, codeOf(secret))).status).toBe(401);
      expect((await answer(await half('five@example.org'), codeOf(secret))).status).toBe(200);
    });

    it('slows wrong codes down as wrong passwords, whatever mfa_token they come with', async () => {
      const { secret } = await withFactor('slow@example.org');
      const tokens = [await half('slow@example.org'), await half('slow@example.org')];
      for (let nth = 0; nth < 5; nth += 1)
        expect((await answer(tokens[nth % 2] ?? '', wrongCodeOf(secret, nth))).status).toBe(401);
      await auth.sql("UPDATE auth.sign_in_failures SET failed_at = clock_timestamp() + interval '100 s'");
      const refused = await answer(await half('slow@example.org'), codeOf(secret));
      expect(refused.status).toBe(429);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(1);
      await auth.sql("UPDATE auth.sign_in_failures SET failed_at = clock_timestamp() - interval '100 s'");
      expect((await answer(await half('slow@example.org'), codeOf(secret))).status).toBe(200);
    });

    it('lets no more wrong codes through in parallel than one after the other', async () => {
      const { secret } = await withFactor('guesses@example.org');
      const tokens = await Promise.all(Array.from({ length: 4 }, () => half('guesses@example.org')));
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, at) => answer(tokens[at % 4] ?? '', wrongCodeOf(secret, at % 10))),
      );
      expect(answers.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(6);
      expect(answers.filter(({ status }) => ![401, 429].includes(status))).toEqual([]);
    });

    it('refuses a user who was deactivated between the two halves', async () => {
      const { secret } = await withFactor('gone@example.org');
      const token = await half('gone@example.org');
      await auth.sql("UPDATE users SET is_active = false WHERE email = 'gone@example.org'");
      expect((await answer(token, codeOf(secret))).status).toBe(401);
    });

    it.each([
      ['no code', { mfa_token: 'x' }, 'code'],
      ['a code that is none', { mfa_token: 'x', code: 5 }, 'code'],
      ['no token', { code: '123456' }, 'mfa_token'],
      ['an unknown member', { mfa_token: 'x', code: '1', remember: true }, 'remember'],
    ])('refuses %s with 422', async (_what, body, field) => {
      const refused = await auth.post<Problem>('/api/v2/auth/mfa/login', body);
      expect([refused.status, refused.body.error.details?.[0]?.field]).toEqual([422, field]);
    });
  });

  describe('turning it off', () => {
    it('takes the password and a code; then the password alone signs in', async () => {
      const { access_token, secret } = await withFactor('off@example.org');
      const { status, body } = await disable(access_token, codeOf(secret));
      expect([status, body]).toEqual([200, { mfa_enabled: false }]);
      expect((await auth.login('off@example.org')).body.access_token).toBeDefined();
      const [row] = await auth.sql("SELECT mfa_secret FROM users WHERE email = 'off@example.org'");
      expect(row).toEqual({ mfa_secret: null });
    });

    it('takes a recovery code in place of the code', async () => {
      const { access_token, recovery_codes } = await withFactor('broken@example.org');
      expect((await disable(access_token, recovery_codes[3] ?? '')).status).toBe(200);
    });

    it('is refused with a wrong password, with a wrong code, and where it is off', async () => {
      const { access_token, secret } = await withFactor('guarded@example.org');
      expect((await disable(access_token, codeOf(secret), 'not-the-password')).status).toBe(401);
      expect((await disable(access_token, wrongCodeOf(secret))).status).toBe(401);
      expect((await auth.get<ProfileDto>('/api/v2/auth/me', access_token)).body.mfa_enabled).toBe(true);
      expect((await disable(access_token, codeOf(secret))).status).toBe(200);
      expect((await disable(access_token, codeOf(secret, 1))).status).toBe(409);
    });
  });
});

describeWithShared('the second factor of the earlier build', (shared) => {
  it('takes the secret as it stands there, and seals it', async () => {
    const database = await legacyDatabase(shared);
    const auth = await startAuth({ database });
    try {
      const PLAIN = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP';
      for (const away of [0, 1]) {
        const { body } = (await auth.login(
          'chen@borealis.example',
          'legacy-Passw0rd-chen',
        )) as unknown as Answer<MfaRequiredDto>;
        const signedIn = await auth.post<TokenPairDto>('/api/v2/auth/mfa/login', {
          mfa_token: body.mfa_token,
          code: codeOf(PLAIN, away),
        });
        expect(signedIn.status).toBe(200);
        expect(decodeJwt(signedIn.body.access_token)).toMatchObject({ plan: 'pro', sub: 'chen@borealis.example' });
        const [row] = await auth.sql<{ mfa_secret: string; mfa_enabled: boolean }>(
          "SELECT mfa_secret, mfa_enabled FROM users WHERE email = 'chen@borealis.example'",
        );
        expect(row).toEqual({ mfa_secret: expect.stringMatching(/^gpb1\./), mfa_enabled: true });
      }
    } finally {
      await auth.stop();
      await database.drop();
    }
  });
});
