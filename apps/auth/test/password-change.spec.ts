import type { MfaEnrolmentDto, MfaRequiredDto, PasswordChangedDto } from '@gpubroker/contracts/auth';
import { legacyDatabase } from '@gpubroker/testing/postgres';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import { generateSync } from 'otplib';
import { PASSWORD, startAuth, type Problem, type RunningAuth } from './support/running-auth';

const NEW = 'five-loud-camels-sell-gpus';

const changer =
  (auth: RunningAuth) =>
  (token: string | undefined, current_password: string, new_password: string = NEW) =>
    auth.post<PasswordChangedDto & Problem>('/api/v2/auth/password/change', { current_password, new_password }, token);

describe('changing the password', () => {
  let auth: RunningAuth;

  beforeAll(async () => {
    auth = await startAuth();
  });
  afterAll(() => auth.stop());

  const change: ReturnType<typeof changer> = (...parameters) => changer(auth)(...parameters);
  const refresh = async (refresh_token: string) => (await auth.post('/api/v2/auth/refresh', { refresh_token })).status;

  it('makes the new one sign in and the old one not', async () => {
    const { access_token } = await auth.signedIn('new@example.org');
    const { status, body } = await change(access_token, PASSWORD);
    expect([status, body]).toEqual([200, { password_changed: true }]);
    expect((await auth.login('new@example.org')).status).toBe(401);
    expect((await auth.login('new@example.org', NEW)).status).toBe(200);
  });

  it("ends the user's other sessions and leaves the caller's", async () => {
    const here = await auth.signedIn('sessions@example.org');
    const { body: there } = await auth.login('sessions@example.org');
    await change(here.access_token, PASSWORD);
    expect(await refresh(there.refresh_token)).toBe(401);
    expect(await refresh(here.refresh_token)).toBe(200);
  });

  it('ends a login that waits for its code', async () => {
    const { access_token } = await auth.signedIn('half@example.org');
    const { body } = await auth.post<MfaEnrolmentDto>('/api/v2/auth/mfa/enroll', undefined, access_token);
    const code = () => generateSync({ secret: body.secret });
    await auth.post('/api/v2/auth/mfa/verify', { code: code() }, access_token);
    await auth.sql('UPDATE auth.second_factors SET last_step = 0');
    const login = { email: 'half@example.org', password: PASSWORD };
    const half = await auth.post<MfaRequiredDto>('/api/v2/auth/login', login);
    expect((await change(access_token, PASSWORD)).status).toBe(200);
    const answer = { mfa_token: half.body.mfa_token, code: code() };
    expect((await auth.post('/api/v2/auth/mfa/login', answer)).status).toBe(401);
  });

  it('is refused with 401 for a wrong present one, which counts as a failed login', async () => {
    const { access_token } = await auth.signedIn('wrong@example.org');
    for (let failure = 1; failure <= 5; failure += 1)
      expect((await change(access_token, 'not-the-password')).status).toBe(401);
    await auth.sql("UPDATE auth.sign_in_failures SET failed_at = clock_timestamp() + interval '100 s'");
    const refused = await change(access_token, PASSWORD);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(1);
    await auth.sql('DELETE FROM auth.sign_in_failures');
    expect((await auth.login('wrong@example.org')).status).toBe(200);
  });

  it.each([
    ['a short one', 'seven77'],
    ['a listed one', 'Password123!'],
    ['one of 129 characters', 'xy'.repeat(64) + 'z'],
    ['the address', 'weak@example.org'],
    ['the name', 'GraceHopper'],
    ['the present one', PASSWORD],
  ])('refuses %s with 422 and names the field', async (_what, password) => {
    await auth.register('weak@example.org');
    const { body } = await auth.login('weak@example.org');
    const refused = await change(body.access_token, PASSWORD, password);
    expect([refused.status, refused.body.error.details?.[0]?.field]).toEqual([422, 'new_password']);
    expect((await auth.login('weak@example.org')).status).toBe(200);
  });

  it('needs a token', async () => {
    expect((await change(undefined, PASSWORD)).status).toBe(401);
  });

  it('lets one of two changes at once win', async () => {
    const { access_token } = await auth.signedIn('race@example.org');
    const passwords = [NEW, `${NEW}-too`];
    const answers = await Promise.all(passwords.map((password) => change(access_token, PASSWORD, password)));
    const winner = passwords[answers.findIndex(({ status }) => status === 200)] ?? '';
    expect(answers.map(({ status }) => status).sort()).toEqual([200, expect.any(Number)]);
    expect((await auth.login('race@example.org', winner)).status).toBe(200);
  });

  it('is in the audit trail, the passwords are nowhere', async () => {
    const { access_token } = await auth.signedIn('trail@example.org');
    await change(access_token, PASSWORD);
    const rows = await auth.sql<{ action: string }>("SELECT * FROM audit_logs WHERE action = 'password.changed'");
    expect(rows.length).toBeGreaterThan(0);
    for (const secret of [PASSWORD, NEW]) {
      expect(JSON.stringify(rows)).not.toContain(secret);
      expect(auth.log()).not.toContain(secret);
    }
  });
});

describeWithShared('changing a password of the earlier build', (shared) => {
  it.each([
    ['dana@borealis.example', 'legacy-Passw0rd-dana', /^argon2\$argon2id\$/],
    ['ada@acme.example', 'legacy-Passw0rd-ada', /^(!|argon2\$argon2id\$)/],
  ])('leaves %s no column that still takes the old one', async (email, old, form) => {
    const database = await legacyDatabase(shared);
    const auth = await startAuth({ database });
    try {
      const [before] = await auth.sql<{ password: string }>('SELECT password FROM users WHERE email = $1', [email]);
      const { body } = await auth.login(email, old);
      expect((await changer(auth)(body.access_token, old)).status).toBe(200);
      const [row] = await auth.sql<{ password: string; password_hash: string }>(
        'SELECT password, password_hash FROM users WHERE email = $1',
        [email],
      );
      expect(row?.password).toMatch(form);
      if (row?.password.startsWith('argon2')) expect(row.password).toBe(`argon2${row.password_hash}`);
      if (before?.password.startsWith('argon2')) expect(row?.password).not.toBe(before.password);
      expect((await auth.login(email, old)).status).toBe(401);
      expect((await auth.login(email, NEW)).status).toBe(200);
    } finally {
      await auth.stop();
      await database.drop();
    }
  });
});
