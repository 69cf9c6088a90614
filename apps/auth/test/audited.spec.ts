import type { MfaEnrolmentDto, MfaRequiredDto } from '@gpubroker/contracts/auth';
import { decodeJwt } from 'jose';
import { generateSync } from 'otplib';
import { SYSTEM_TENANT_ID, SYSTEM_USER_ID } from '../src/audit/system-actor';
import { PASSWORD, startAuth, type RunningAuth } from './support/running-auth';

interface Entry {
  readonly action: string;
  readonly resource_type: string;
  readonly resource_id: string | null;
  readonly details: Record<string, unknown>;
  readonly user_id: string;
  readonly tenant_id: string;
  readonly ip_address: string | null;
}

describe('what the audit trail says of signing in', () => {
  let auth: RunningAuth;
  let seen = 0;

  beforeAll(async () => {
    auth = await startAuth();
  });
  afterAll(() => auth.stop());

  /** Entries since the last time that somebody asked, oldest first. */
  const entries = async (): Promise<Entry[]> => {
    const rows = await auth.sql<Entry & { seq: string }>(
      `SELECT c.seq, a.action, a.resource_type, a.resource_id, a.details, a.user_id, a.tenant_id, host(a.ip_address) AS ip_address
       FROM audit_logs a JOIN auth.audit_chain c ON c.audit_id = a.id WHERE c.seq > $1 ORDER BY c.seq`,
      [seen],
    );
    seen = Number(rows.at(-1)?.seq ?? seen);
    return rows;
  };
  const actions = async (): Promise<string[]> => (await entries()).map(({ action }) => action);

  beforeEach(async () => {
    await entries();
  });

  it('names who registered, signed in and left, and where from', async () => {
    const { access_token } = await auth.signedIn('steps@example.org');
    const { uid, sid, tenant_id } = decodeJwt<{ uid: string; sid: string; tenant_id: string }>(access_token);
    await auth.post('/api/v2/auth/logout', {}, access_token);
    const own = { user_id: uid, tenant_id, ip_address: '127.0.0.1' };
    expect(await entries()).toMatchObject([
      { ...own, action: 'user.registered', resource_type: 'user', resource_id: uid },
      { ...own, action: 'session.opened', resource_type: 'session', resource_id: sid, details: { by: 'password' } },
      { ...own, action: 'session.closed', resource_type: 'session', resource_id: sid },
    ]);
  });

  it('gives a failed login to the system, with the account if there is one, and never what was typed', async () => {
    const { body } = await auth.register('guessed@example.org');
    await entries();
    await auth.login('guessed@example.org', 'not-the-password');
    await auth.login('typed-my-password-here', 'not-the-password');
    const failed = await entries();
    const system = { action: 'login.failed', user_id: SYSTEM_USER_ID, tenant_id: SYSTEM_TENANT_ID };
    expect(failed).toMatchObject([
      { ...system, resource_id: body.id },
      { ...system, resource_id: null },
    ]);
    expect(JSON.stringify(failed)).not.toMatch(/typed-my|not-the-password/);
  });

  it('has an entry for each use of a refresh token too many', async () => {
    const { refresh_token } = await auth.signedIn('reuse@example.org');
    await auth.post('/api/v2/auth/refresh', { refresh_token });
    await entries();
    for (let use = 0; use < 2; use += 1) await auth.post('/api/v2/auth/refresh', { refresh_token });
    expect(await entries()).toMatchObject([
      { action: 'token.reuse_detected', details: { session_id: decodeJwt(refresh_token).sid } },
      { action: 'token.reuse_detected' },
    ]);
  });

  it('follows a second factor from enrolment to its end', async () => {
    const { access_token } = await auth.signedIn('factor@example.org');
    const { body } = await auth.post<MfaEnrolmentDto>('/api/v2/auth/mfa/enroll', undefined, access_token);
    const code = () => generateSync({ secret: body.secret });
    const again = () => auth.sql('UPDATE auth.second_factors SET last_step = 0');
    await entries();
    await auth.post('/api/v2/auth/mfa/verify', { code: 'wrong' }, access_token);
    await auth.post('/api/v2/auth/mfa/verify', { code: code() }, access_token);
    await again();
    const half = await auth.post<MfaRequiredDto>('/api/v2/auth/login', {
      email: 'factor@example.org',
      password: PASSWORD,
    });
    const { mfa_token } = half.body;
    await auth.post('/api/v2/auth/mfa/login', { mfa_token, code: 'wrong' });
    await auth.post('/api/v2/auth/mfa/login', { mfa_token, code: body.recovery_codes[0] });
    await auth.post('/api/v2/auth/mfa/disable', { password: 'not-the-password', code: code() }, access_token);
    await auth.post('/api/v2/auth/mfa/disable', { password: PASSWORD, code: 'wrong' }, access_token);
    await auth.post('/api/v2/auth/mfa/disable', { password: PASSWORD, code: code() }, access_token);
    const story = await entries();
    expect(story.map(({ action }) => action)).toEqual([
      'mfa.failed',
      'mfa.enabled',
      'mfa.failed',
      'session.opened',
      'password_check.failed',
      'mfa.failed',
      'mfa.disabled',
    ]);
    expect(story.map(({ details }) => details.by)).toContain('recovery_code');
    for (const secret of [body.secret, ...body.recovery_codes, PASSWORD])
      expect(JSON.stringify(story)).not.toContain(secret);
  });

  it('says nothing of what was rolled back', async () => {
    await auth.register('taken@example.org');
    await entries();
    await auth.register('taken@example.org');
    expect(await actions()).toEqual([]);
  });
});
