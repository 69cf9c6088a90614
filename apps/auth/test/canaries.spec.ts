import { randomBytes } from 'node:crypto';
import type { TokenPairDto } from '@gpubroker/contracts/auth';
import { decodeJwt } from 'jose';
import { administrator } from './support/administrator';
import { startAuth, type RunningAuth } from './support/running-auth';

interface Enrolment {
  readonly secret: string;
  readonly otpauth_uri: string;
  readonly recovery_codes: string[];
}

const canary = (what: string): string => `canary-${what}-${randomBytes(9).toString('hex')}`;

describe('secrets', () => {
  /** Every secret of the run, with what it is: none may turn up where it was not sent. */
  const secrets = new Map<string, string>();
  const answers: string[] = [];
  let auth: RunningAuth;

  const keep = (what: string, secret: string): string => {
    secrets.set(secret, what);
    return secret;
  };
  const keepTokens = ({ access_token, refresh_token }: TokenPairDto): void => {
    keep('access token', access_token);
    keep('signature of an access token', access_token.split('.')[2] ?? '');
    keep('refresh token', refresh_token);
    keep('id of a refresh token', String(decodeJwt(refresh_token).jti));
  };

  /** Sends it and keeps the answer, which only the operations that give secrets out may hold any of. */
  const send = async (method: string, path: string, body: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`${auth.service.url}${path}`, {
      method,
      headers: { 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    if (response.status >= 400) answers.push(text);
    return { status: response.status, text };
  };

  beforeAll(async () => {
    const apiKey = keep('API key', canary('key'));
    const superuserPassword = keep('password of the administrator', canary('root'));
    auth = await startAuth({
      env: { SUPERUSER_EMAIL: 'first@example.org', SUPERUSER_PASSWORD: superuserPassword, LOG_LEVEL: 'trace' },
    });
    const password = keep('password', canary('password'));
    const email = 'canary@example.org';
    await send('POST', '/api/v2/auth/register', { email, password, full_name: 'Canary' });
    const pair = (await auth.login(email, password)).body;
    keepTokens(pair);
    const bearer = { authorization: `Bearer ${pair.access_token}` };

    const enrolled = await send('POST', '/api/v2/auth/mfa/enroll', { password }, bearer);
    expect(enrolled.status).toBeLessThan(300);
    const { secret, recovery_codes } = JSON.parse(enrolled.text) as Enrolment;
    keep('MFA secret', secret);
    for (const code of recovery_codes) keep('recovery code', code);

    // Failures of every kind, each with a secret in it.
    const wrong = keep('wrong password', canary('wrong'));
    await send('POST', '/api/v2/auth/login', { email, password: wrong });
    await send('POST', '/api/v2/auth/login', { email: wrong, password });
    await send('POST', '/api/v2/auth/login', { email, password, api_key: apiKey });
    await send('POST', '/api/v2/auth/login', `{"email": "${email}", "password": "${password}"`);
    await send('POST', '/api/v2/auth/register', { email, password, full_name: 'Again' });
    await send('POST', `/api/v2/auth/refresh?api_key=${apiKey}`, { refresh_token: pair.access_token });
    await send('POST', '/api/v2/auth/mfa/verify', { code: recovery_codes[0] }, bearer);
    await send('POST', '/api/v2/auth/mfa/login', { mfa_token: pair.refresh_token, code: '000000' });
    await send('GET', `/api/v2/auth/nothing?token=${pair.access_token}`, undefined, { 'x-api-key': apiKey });
    await send('GET', '/api/v2/auth/me', undefined, { authorization: `Bearer ${pair.access_token}x` });
    await send('GET', '/api/v2/auth/me', undefined, { authorization: `Basic ${apiKey}` });
    await send('POST', '/api/v2/auth/password/change', { current_password: wrong, new_password: password }, bearer);

    const refreshed = await auth.post<TokenPairDto>('/api/v2/auth/refresh', { refresh_token: pair.refresh_token });
    keepTokens(refreshed.body);
    await send('POST', '/api/v2/auth/refresh', { refresh_token: pair.refresh_token });

    const root = await administrator(auth, 'root@example.org');
    keepTokens(root.tokens);
    const made = keep('password that an administrator gave', canary('made'));
    const user = { email: 'made@example.org', password: made, full_name: 'Made', role: 'user' };
    for (let time = 0; time < 2; time += 1)
      await send('POST', '/api/v2/admin/users', user, { authorization: `Bearer ${root.tokens.access_token}` });
    await send('POST', '/api/v2/auth/logout', { refresh_token: refreshed.body.refresh_token }, bearer);
  });
  afterAll(() => auth.stop());

  const found = (text: string): string[] =>
    [...secrets].filter(([secret]) => text.includes(secret)).map(([, what]) => what);

  it('were really sent', () => {
    expect(secrets.size).toBeGreaterThan(20);
    expect(answers.length).toBeGreaterThan(10);
    expect(auth.log()).toContain('/api/v2/auth/login');
  });

  it('are in no line of the log, at the finest level', () => {
    expect(found(auth.log())).toEqual([]);
  });

  it('are in no answer to a failure', () => {
    expect(answers.filter((answer) => found(answer).length > 0)).toEqual([]);
  });

  it('are in no metric', async () => {
    const metrics = await (await fetch(`${auth.service.url}/metrics`)).text();
    expect(metrics).toContain('request_count');
    expect(found(metrics)).toEqual([]);
  });

  it.each(['public.audit_logs', 'auth.audit_chain', 'auth.outbox', 'public.users', 'auth.refresh_tokens'])(
    'are not in %s',
    async (table) => {
      const rows = await auth.sql<{ text: string }>(`SELECT t::text AS text FROM ${table} t`);
      expect(found(rows.map(({ text }) => text).join('\n'))).toEqual([]);
    },
  );

  it('are in no event', async () => {
    const [table] = await auth.sql<{ name: string }>(
      "SELECT table_schema || '.' || table_name AS name FROM information_schema.tables WHERE table_name = 'event_log'",
    );
    const rows = await auth.sql<{ text: string }>(`SELECT t::text AS text FROM ${table?.name} t`);
    expect(rows.length).toBeGreaterThan(0);
    expect(found(rows.map(({ text }) => text).join('\n'))).toEqual([]);
  });
});
