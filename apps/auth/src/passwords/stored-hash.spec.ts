import { isCurrent, storedHash } from './stored-hash';

const PLAIN = '$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA';

it.each([
  ['password_hash, in its usual form', PLAIN, '!', PLAIN],
  ["password_hash, in Django's form", `argon2${PLAIN}`, '', PLAIN],
  ['password, where password_hash is empty', '', `argon2${PLAIN}`, PLAIN],
  ['nothing, where there is no password', '', '!abc', null],
  ['nothing, for a hash of another kind', 'pbkdf2_sha256$1$a$b', PLAIN, null],
  ['nothing, for Argon2i', '$argon2i$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA', '', null],
])('is read from %s', (_what, passwordHash, password, expected) => {
  expect(storedHash({ passwordHash, password })).toBe(expected);
});

it('is current only with the cost of today', () => {
  expect(isCurrent('$argon2id$v=19$m=47104,t=1,p=1$c2FsdA$aGFzaA')).toBe(true);
  expect([isCurrent(PLAIN), isCurrent(`argon2${PLAIN}`), isCurrent('')]).toEqual([false, false, false]);
});
