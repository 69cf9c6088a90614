import { z } from 'zod';
import { secretsEnv, toSecretsConfig } from './secrets.env';

const KEY = Buffer.alloc(32, 7).toString('base64');
const config = (env: Record<string, string>) =>
  toSecretsConfig({
    NODE_ENV: 'production',
    ...z.object(secretsEnv).parse(env),
    ...(env['NODE_ENV'] && { NODE_ENV: env['NODE_ENV'] }),
  });

it('is missing in production without a key and without a Vault', () => {
  expect(config({})).toEqual([
    { variable: 'SECRETS_KEY', message: 'is required in production and not set (or VAULT_ADDR)' },
  ]);
});

it('is a file of the data directory elsewhere', () => {
  expect(config({ NODE_ENV: 'development', GPUBROKER_DATA_DIR: '/srv/gpubroker' })).toEqual({
    kind: 'key_file',
    path: '/srv/gpubroker/secrets/sealing.key',
  });
});

it('takes keys, the first of which seals', () => {
  const older = Buffer.alloc(32, 8).toString('base64');
  expect(config({ SECRETS_KEY: `${KEY},${older}` })).toMatchObject({ kind: 'keys', keys: [{}, {}] });
});

it.each([
  ['too short', Buffer.alloc(16).toString('base64')],
  ['too long', Buffer.alloc(33).toString('base64')],
  ['no base64', 'this is a passphrase and not a key at all!!'],
  ['hexadecimal', Buffer.alloc(32).toString('hex')],
  ['a good key and a bad one', `${KEY},x`],
  ['only separators', ','],
])('names a key that is %s, and does not say it', (_case, text) => {
  const problems = config({ SECRETS_KEY: text });
  expect(problems).toMatchObject([{ variable: 'SECRETS_KEY' }]);
  expect(JSON.stringify(problems)).not.toContain(text.length > 2 ? text : 'nothing');
});

it('prefers Vault', () => {
  const found = config({ SECRETS_KEY: KEY, VAULT_ADDR: 'http://127.0.0.1:8200/', VAULT_TOKEN: 't' });
  expect(found).toMatchObject({ kind: 'vault', vault: { address: 'http://127.0.0.1:8200', transitKey: 'gpubroker' } });
});

it('misses the token of a Vault', () => {
  expect(config({ VAULT_ADDR: 'http://127.0.0.1:8200' })).toMatchObject([{ variable: 'VAULT_TOKEN' }]);
});

it.each(['../sys', 'a b', 'transit/', ''])('takes no mount path %j, which could lead elsewhere in Vault', (path) => {
  expect(z.object(secretsEnv).safeParse({ VAULT_TRANSIT_PATH: path }).success).toBe(false);
});
