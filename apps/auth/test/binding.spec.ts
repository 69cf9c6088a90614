import type { MfaEnrolmentDto, MfaRequiredDto, TokenPairDto } from '@gpubroker/contracts/auth';
import { bindingOf } from '@gpubroker/platform/auth';
import { decodeJwt } from 'jose';
import { generateSync } from 'otplib';
import { PASSWORD, startAuth, type Problem, type RunningAuth } from './support/running-auth';

type Pair = TokenPairDto & Problem;

const from = (fingerprint: string): Record<string, string> => ({ 'X-Client-Fingerprint': fingerprint });
const MINE = from('my browser');
/** What a thief would come with. */
const OTHERS = [from('another'), from(''), {}];

describe('tokens of a client that says its fingerprint', () => {
  let auth: RunningAuth;

  beforeAll(async () => {
    auth = await startAuth();
  });
  afterAll(() => auth.stop());

  const login = (email: string, headers: Record<string, string> = MINE) =>
    auth.post<Pair>('/api/v2/auth/login', { email, password: PASSWORD }, undefined, headers);
  const refresh = (refresh_token: string, headers: Record<string, string>) =>
    auth.post<Pair>('/api/v2/auth/refresh', { refresh_token }, undefined, headers);
  const me = async (token: string, headers: Record<string, string>) =>
    (await auth.get('/api/v2/auth/me', token, headers)).status;

  it('carry its hash, both of them, and not the fingerprint', async () => {
    await auth.register('hash@example.org');
    const { body } = await login('hash@example.org');
    for (const token of [body.access_token, body.refresh_token]) {
      expect(decodeJwt(token)).toHaveProperty('fph', bindingOf('my browser'));
      expect(JSON.stringify(decodeJwt(token))).not.toContain('my browser');
    }
  });

  it('are refused with another fingerprint and without', async () => {
    await auth.register('bound@example.org');
    const { body } = await login('bound@example.org');
    expect(await me(body.access_token, MINE)).toBe(200);
    for (const headers of OTHERS) {
      expect(await me(body.access_token, headers)).toBe(401);
      expect((await refresh(body.refresh_token, headers)).status).toBe(401);
    }
    // Refused before it was used: the thief has not ended the session either.
    const refreshed = await refresh(body.refresh_token, MINE);
    expect(refreshed.status).toBe(200);
    expect(await me(refreshed.body.access_token, {})).toBe(401);
    expect(await me(refreshed.body.access_token, MINE)).toBe(200);
  });

  it('end with the session that a bound refresh token names', async () => {
    await auth.register('logout@example.org');
    const { body: one } = await login('logout@example.org');
    const { body: two } = await login('logout@example.org');
    await auth.post('/api/v2/auth/logout', { refresh_token: two.refresh_token }, one.access_token, MINE);
    expect((await refresh(two.refresh_token, MINE)).status).toBe(401);
  });

  it('are bound through the second factor too, and so is the token between', async () => {
    const { access_token } = await auth.signedIn('mfa@example.org');
    const { body } = await auth.post<MfaEnrolmentDto>('/api/v2/auth/mfa/enroll', undefined, access_token);
    const code = () => generateSync({ secret: body.secret });
    await auth.post('/api/v2/auth/mfa/verify', { code: code() }, access_token);
    await auth.sql('UPDATE auth.second_factors SET last_step = 0');
    const half = await auth.post<MfaRequiredDto>(
      '/api/v2/auth/login',
      { email: 'mfa@example.org', password: PASSWORD },
      undefined,
      MINE,
    );
    const answer = (headers: Record<string, string>) =>
      auth.post<Pair>('/api/v2/auth/mfa/login', { mfa_token: half.body.mfa_token, code: code() }, undefined, headers);
    for (const headers of OTHERS) expect((await answer(headers)).status).toBe(401);
    const { status, body: pair } = await answer(MINE);
    expect(status).toBe(200);
    expect(await me(pair.access_token, {})).toBe(401);
    expect(await me(pair.access_token, MINE)).toBe(200);
  });

  it('are bound to nothing where login came without one, and a refresh does not change that', async () => {
    await auth.register('free@example.org');
    const { body } = await login('free@example.org', {});
    expect(decodeJwt(body.access_token)).not.toHaveProperty('fph');
    const refreshed = await refresh(body.refresh_token, MINE);
    expect(refreshed.status).toBe(200);
    expect(await me(refreshed.body.access_token, {})).toBe(200);
  });
});
