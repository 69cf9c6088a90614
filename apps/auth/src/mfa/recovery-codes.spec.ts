import { looksLikeRecoveryCode, newRecoveryCodes, recoveryHash } from './recovery-codes';

it('makes ten codes of 120 bits that differ', () => {
  const codes = newRecoveryCodes();
  expect(new Set([...codes, ...newRecoveryCodes()]).size).toBe(20);
  for (const code of codes) expect(code).toMatch(/^([a-z2-7]{4}-){5}[a-z2-7]{4}$/);
});

it('knows a code again however it is typed', () => {
  const [code = ''] = newRecoveryCodes();
  for (const typed of [code.toUpperCase(), code.replaceAll('-', ''), ` ${code.replaceAll('-', ' ')} `]) {
    expect(looksLikeRecoveryCode(typed)).toBe(true);
    expect(recoveryHash(typed)).toEqual(recoveryHash(code));
  }
});

it.each(['123456', '', 'k7fq-2mzd', 'k7fq-2mzd-x4ua-hn6t-5vbe-rw3', 'k7fq-2mzd-x4ua-hn6t-5vbe-rw31'])(
  'takes %j for none',
  (text) => {
    expect(looksLikeRecoveryCode(text)).toBe(false);
  },
);
