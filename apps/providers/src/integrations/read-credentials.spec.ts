import { generateKeyPairSync } from 'node:crypto';
import * as fc from 'fast-check';
import { readCredentials } from './read-credentials';

const PEM = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const fieldsOf = (given: Record<string, unknown>, wanted = ['api_key']) => {
  const read = readCredentials(wanted, given);
  return read.ok ? [] : read.problems.map(({ field }) => field);
};

it('takes exactly what the cloud wants', () => {
  const given = { client_id: 'me', client_secret: 's3cr=t/+' };
  expect(readCredentials(['client_id', 'client_secret'], given)).toEqual({ ok: true, credentials: given });
});

it.each([
  ['a key', 'rpa_ABCdef-123'],
  ['one character', 'x'],
  ['a name with a blank inside', 'my project'],
  ['a private key in PEM form', PEM],
  ['a private key with the line ends of Windows', PEM.replaceAll('\n', '\r\n')],
])('takes %s', (_case, value) => {
  expect(fieldsOf({ api_key: value })).toEqual([]);
});

it.each<[string, unknown]>([
  ['nothing', undefined],
  ['null', null],
  ['an empty text', ''],
  ['a blank', ' '],
  ['a blank before it', ' key'],
  ['a line break after it', 'key\n'],
  ['a line break that begins another header', 'key\r\nx-admin: 1'],
  ['a control character', 'ke\u0000y'],
  ['a letter that no header takes', 'schlüssel'],
  ['a number', 7],
  ['a list', ['key']],
  ['8,193 characters', 'x'.repeat(8_193)],
  ['a text around a PEM', `key ${PEM}`],
])('refuses %s', (_case, value) => {
  expect(fieldsOf({ api_key: value })).toEqual(['credentials.api_key']);
});

it('names every member that is missing at once, and those that nobody asked for', () => {
  expect(fieldsOf({ b: 'x', other: 'y' }, ['a', 'b', 'c'])).toEqual(['credentials.a', 'credentials.c', 'credentials']);
});

it('finds no member where none was given', () => {
  expect(fieldsOf({}, ['constructor', 'toString'])).toEqual(['credentials.constructor', 'credentials.toString']);
});

it('repeats nothing that was given, whatever it was', () => {
  const value = fc.string({ minLength: 12, maxLength: 40, unit: 'binary' });
  fc.assert(
    fc.property(value, value, (secret, name) => {
      const read = readCredentials(['api_key'], { api_key: ` ${secret}`, [`x${name}`]: secret });
      const said = JSON.stringify(read.ok ? null : read.problems);
      expect(said.includes(secret) || said.includes(name)).toBe(false);
    }),
  );
});
