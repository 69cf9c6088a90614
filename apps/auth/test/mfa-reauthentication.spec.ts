import type { MfaEnrolmentDto, TokenPairDto } from '@gpubroker/contracts/auth';
import { decodeJwt } from 'jose';
import { PASSWORD, startAuth, type Problem, type RunningAuth } from './support/running-auth';

describe('enrolling a second factor long after the sign-in', () => {
  let auth: RunningAuth;

  beforeAll(async () => {
    auth = await startAuth();
  });
  afterAll(() => auth.stop());

  const enroll = (token: string, body?: unknown) =>
    auth.post<MfaEnrolmentDto & Problem>('/api/v2/auth/mfa/enroll', body, token);

  /** A session that is kept alive by refreshing. */
  async function openedLongAgo(email: string): Promise<string> {
    const { access_token, refresh_token } = await auth.signedIn(email);
    await auth.sql("UPDATE auth.refresh_tokens SET issued_at = issued_at - interval '16 min' WHERE family = $1", [
      decodeJwt(access_token).sid,
    ]);
    return (await auth.post<TokenPairDto>('/api/v2/auth/refresh', { refresh_token })).body.access_token;
  }

  it('is refused without the password, whatever was refreshed since', async () => {
    const { status, body } = await enroll(await openedLongAgo('stolen@example.org'));
    expect([status, body.error.code]).toEqual([403, 'FORBIDDEN']);
  });

  it('is refused with a wrong one', async () => {
    const token = await openedLongAgo('guessed@example.org');
    expect((await enroll(token, { password: 'not-the-password' })).status).toBe(401);
    expect((await enroll(token, { password: 7 })).status).toBe(422);
  });

  it('goes on with the right one', async () => {
    const { status, body } = await enroll(await openedLongAgo('owner@example.org'), { password: PASSWORD });
    expect([status, body.recovery_codes.length]).toEqual([200, 10]);
  });

  it('takes nothing but the token just after the sign-in', async () => {
    const { access_token } = await auth.signedIn('just-now@example.org');
    for (const body of [undefined, {}]) expect((await enroll(access_token, body)).status).toBe(200);
  });
});
