import fc from 'fast-check';
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
  ['legacy-Passw0rd-ada'],
  ['ü'.repeat(3) + 'ñandú und Öl'],
  ['no digits no capitals just words'],
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
