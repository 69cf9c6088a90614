import { createGuardrails, generateSync } from 'otplib';
import { newSecret, otpauthUri, stepOf } from './totp';

const NOW = 1_700_000_010_000;
const STEP = Math.floor(NOW / 30_000);
const SECRET = newSecret();
const LOOSE = createGuardrails({ MIN_SECRET_BYTES: 10 });
const codeOf = (step: number, secret = SECRET): string => generateSync({ secret, epoch: step * 30 });

/** RFC 6238, appendix B, SHA-1: the last six of its eight digits. */
const RFC_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

it.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
])('takes what RFC 6238 shows for second %d', (second, code) => {
  expect(stepOf(code, RFC_SECRET, second * 1000)).toBe(Math.floor(second / 30));
});

it.each([
  [-2, null],
  [-1, STEP - 1],
  [0, STEP],
  [1, STEP + 1],
  [2, null],
])('puts the code of %d steps away into its step, or none', (away, step) => {
  expect(stepOf(codeOf(STEP + away), SECRET, NOW)).toBe(step);
});

it.each([[0], [1], [14_999], [29_999]])('takes three steps %d ms into the present one', (into) => {
  const now = STEP * 30_000 + into;
  expect([-1, 0, 1].map((away) => stepOf(codeOf(STEP + away), SECRET, now))).toEqual([STEP - 1, STEP, STEP + 1]);
});

it('reads the code with the blank that authenticators show', () => {
  const code = codeOf(STEP);
  expect(stepOf(`${code.slice(0, 3)} ${code.slice(3)}`, SECRET, NOW)).toBe(STEP);
});

it.each(['', '12345', '1234567', 'abcdef', '１２３４５６', '123456\n7', '-12345', '1e5'])(
  'takes %j for no code',
  (text) => {
    expect(stepOf(text, SECRET, NOW)).toBeNull();
  },
);

it('reads secrets of the earlier build: lower case, blanks, padding, 80 bits', () => {
  for (const secret of ['jbsw y3dp ehpk 3pxp', 'JBSWY3DPEHPK3PXP======', 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP']) {
    const plain = secret.replace(/[ =]/g, '').toUpperCase();
    const code = generateSync({ secret: Buffer.from(fromBase32(plain)), epoch: STEP * 30, guardrails: LOOSE });
    expect(stepOf(code, secret, NOW)).toBe(STEP);
  }
});

it('knows no code of a secret that is none', () => {
  for (const secret of ['X', '0189', '']) expect(stepOf('123456', secret, NOW)).toBeNull();
});

it('makes secrets of 160 bits that differ', () => {
  expect(SECRET).toMatch(/^[A-Z2-7]{32}$/);
  expect(newSecret()).not.toBe(SECRET);
});

it('names issuer and account in the address for authenticators', () => {
  const uri = new URL(otpauthUri('a+b@example.org', SECRET));
  expect(uri.protocol + uri.host).toBe('otpauth:totp');
  expect(decodeURIComponent(uri.pathname)).toBe('/GPUBROKER:a+b@example.org');
  expect(Object.fromEntries(uri.searchParams)).toEqual({ secret: SECRET, issuer: 'GPUBROKER' });
});

function fromBase32(text: string): number[] {
  const bits = [...text]
    .map((char) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(char).toString(2).padStart(5, '0'))
    .join('');
  return (bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2));
}
