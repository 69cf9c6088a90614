import fc from 'fast-check';
import { COMMON_PASSWORDS } from './common-passwords';
import { passwordProblem } from './password-policy';

const GRACE = { email: 'grace.hopper@example.org', names: ['Grace Hopper', 'Example Labs', null] };

it.each([
  ['seven77', /at least 8/],
  ['🦙'.repeat(7), /at least 8/],
  ['ab'.repeat(64) + 'c', /at most 128/],
  ['password', /tried first/],
  ['Password1', /tried first/],
  ['P@ssw0rd!', /tried first/],
  ['12345678', /tried first/],
  ['qwerty123', /tried first/],
  ['iloveyou2024', /tried first/],
  ['Contraseña1', /tried first/],
  ['gfhjkm2024', /tried first/],
  ['MargaritA', /tried first/],
  ['87654321VV', /tried first/],
  ['ChangeMe123!', /tried first/],
  ['admin@123456', /tried first/],
  ['!!!dragon!!!', /tried first/],
  ['aaaaaaaaaaaa', /pattern/],
  ['abababababab', /pattern/],
  ['xyz9xyz9xyz9', /pattern/],
  ['abcdefghij', /pattern/],
  ['poiuytrewq', /pattern/],
  ['poiuy09876', /pattern/],
  ['grace.hopper@example.org', /address or the name/],
  ['GraceHopper99', /address or the name/],
  ['example labs!', /address or the name/],
])('%s is refused', (password, problem) => {
  expect(passwordProblem(password, GRACE)).toMatch(problem);
});

it.each([
  ['four-quiet-llamas-rent-gpus'],
  ['Tr0ub4dor&3'],
  ['TestPass123!'],
  ['margarita at noon'],
  ['legacy-Passw0rd-ada'],
  ['ü'.repeat(3) + 'ñandú und Öl'],
  ['no digits no capitals just words'],
  ['日本語の秘密love日本語の秘密'],
  ['0417-5529-8813 love 6602-9917'],
])('%s is taken', (password) => {
  expect(passwordProblem(password, GRACE)).toBeNull();
});

it('takes any 64 random characters, whatever they are', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'grapheme', minLength: 64, maxLength: 64 }).filter((text) => new Set(text).size > 20),
      (password) => [...password].length > 128 || passwordProblem(password, GRACE) === null,
    ),
  );
});

it('knows as many leaked passwords as guessing begins with, in any case', () => {
  expect(COMMON_PASSWORDS.size).toBeGreaterThan(40_000);
  const long = [...COMMON_PASSWORDS].filter((password) => password.length >= 8);
  const taken = long.filter((password) => passwordProblem(password.toUpperCase(), GRACE) === null);
  expect(taken).toEqual([]);
});
