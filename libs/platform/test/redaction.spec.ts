import { generateKeyPairSync } from 'node:crypto';
import { startTiny, type RunningTiny } from './running-tiny';
import type { TinyScript } from './tiny-service';

const JWT = `eyJhbGciOiJSUzI1NiJ9.${Buffer.from('{"sub":"canary"}').toString('base64url')}.c2lnbmF0dXJlLWNhbmFyeQ`;
const PEM = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' });
const KEY = 'canaryApiKey0123456789';

/** A secret where it really turns up, and the part of it that must not be found afterwards. */
const CANARIES: readonly [string, Record<string, unknown>, string][] = [
  ['a password member', { password: 'canary,with "quotes" & blanks' }, 'canary,with'],
  ['a password deep inside', { a: { b: { c: { d: { new_password: 'canary-deep' } } } } }, 'canary-deep'],
  [
    'a refresh token deep inside',
    { body: { session: { tokens: [{ refresh_token: 'canary-opaque' }] } } },
    'canary-opaque',
  ],
  ['a camel-case member', { config: { apiKey: 'canary-camel' } }, 'canary-camel'],
  ['an environment', { env: { RUNPOD_API_KEY: 'canary-env', VAULT_TOKEN: 'canary-vault' } }, 'canary-'],
  ['credentials as an object', { credentials: { account: 'canary-account' } }, 'canary-account'],
  ['recovery codes', { recovery_codes: ['canary-1111', 'canary-2222'] }, 'canary-'],
  ['an MFA secret', { user: { profile: { mfa: { mfa_secret: 'JBSWCANARY3DPEHPK' } } } }, 'CANARY'],
  ['an otpauth address in text', { note: 'scan otpauth://totp/x?secret=CANARYSECRET&issuer=y' }, 'CANARYSECRET'],
  ['a JWT in text', { note: `got ${JWT} from the client` }, JWT.split('.')[1]!],
  ['a bearer header in text', { note: 'sent Authorization: Bearer canary.opaque-token' }, 'canary'],
  ['an authorization without a scheme', { note: 'authorization: canaryrawkey, accept: x' }, 'canaryrawkey'],
  ['a raw header list', { rawHeaders: ['Accept', '*/*', 'X-Api-Key', KEY] }, KEY],
  ['a key in a URL', { url: `https://cloud.example/v1?limit=5&api_key=${KEY}` }, KEY],
  ['an access token in a URL', { url: 'wss://x/ws?access_token=canary-ws' }, 'canary-ws'],
  ['a password in a database URL', { url: 'postgres://user:canaryPw@db:5432/gpubroker' }, 'canaryPw'],
  ['a password with an @ in a URL', { url: 'redis://:canary@Pw@cache:6379/0' }, 'Pw@'],
  ['a JSON text inside a message', { note: `upstream said {"api_key":"${KEY}"}` }, KEY],
  ['a JSON text quoted twice', { note: JSON.stringify(JSON.stringify({ password: 'canary-twice' })) }, 'canary-twice'],
  ['a private key', { note: PEM }, PEM.toString().split('\n')[1]!],
  ['an Argon2 hash', { note: 'hash $argon2id$v=19$m=19456,t=2,p=1$c2FsdA$canaryhash' }, 'canaryhash'],
  ["Django's Argon2 hash", { note: 'argon2$argon2id$v=19$m=102400,t=2,p=8$c2FsdA$canaryhash' }, 'canaryhash'],
  ['a Stripe key', { note: 'using sk_live_canary0123456789' }, 'canary'],
  ['a cookie header in text', { note: 'Cookie: session=canarysession; other=1' }, 'canarysession'],
];

const script: TinyScript = {};
let tiny: RunningTiny;

beforeAll(async () => {
  tiny = await startTiny(script);
});
beforeEach(() => tiny.log.clear());
afterAll(() => tiny.stop());

describe('a secret', () => {
  it.each(CANARIES)('does not reach the log as %s', async (_place, fields, canary) => {
    script.logged = fields;
    await tiny.ask('/api/v2/things/logging');
    expect(tiny.log.lines()).toHaveLength(2);
    expect(tiny.log.text()).not.toContain(canary);
  });

  it.each(CANARIES)('does not reach the log inside a thrown error as %s', async (_place, fields, canary) => {
    const text = Object.values(fields).find((value) => typeof value === 'string') ?? 'refused';
    script.thrown = Object.assign(new Error(`request failed: ${'password' in fields ? 'x' : text}`), {
      config: { headers: { Authorization: `Bearer ${KEY}`, 'X-Api-Key': KEY }, data: fields },
      cause: Object.assign(new Error(`connect https://u:${KEY}@host/`), { response: { request: fields } }),
    });
    await tiny.ask('/api/v2/things/throwing');
    expect(tiny.log.lines().some(({ level }) => level === 'error')).toBe(true);
    expect(tiny.log.text()).not.toContain(canary);
    expect(tiny.log.text()).not.toContain(KEY);
  });

  it('does not reach the log from what a request carries', async () => {
    await tiny.ask(`/api/v2/things/logging?token=canary-query&api_key=${KEY}`, {
      headers: { authorization: `Bearer ${JWT}`, cookie: 'session=canary-cookie', 'x-api-key': KEY },
    });
    await tiny.ask('/api/v2/things', {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Basic Y2FuYXJ5OmNhbmFyeQ==' },
      body: '{"name":"x","size":1,"password":"canary-body"}',
    });
    for (const canary of ['canary', KEY, JWT, 'Y2FuYXJ5']) expect(tiny.log.text()).not.toContain(canary);
  });

  it('does not reach the log from a path', async () => {
    await tiny.ask(`/api/v2/things/${JWT}`);
    expect(tiny.log.text()).not.toContain(JWT.split('.')[1]);
  });
});

describe('what is no secret', () => {
  it('stays readable', async () => {
    const fields = {
      cost_per_token: 0.0000021,
      tokens_per_second: 88,
      token_count: '12',
      note: 'cost_per_token=0.0021',
      url: 'https://host:8443/a@b',
    };
    script.logged = fields;
    await tiny.ask('/api/v2/things/logging');
    expect(tiny.log.lines()[0]).toMatchObject(fields);
  });
});
