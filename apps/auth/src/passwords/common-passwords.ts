import { dictionary } from '@zxcvbn-ts/language-common';

/** What the library's list does not know: this product's own name, and some of other languages and years. */
const FURTHER = `
00000000 121212 123123123 12341234 19841984 20002000 27182818 87654321 88888888 987654321 contraseña gpubroker instagram
linkedin login oldpassword passphrase qwerqwer qwertz thepassword toor twitter yourpassword zxcvzxcv
`
  .trim()
  .split(/\s+/);

/**
 * Passwords that guessing starts with, lower case: 49,233 of the library's, from lists of leaked ones (3.4 MB of memory).
 * password-policy.ts also reads digits as letters and ignores what is added at the ends, so that each entry stands for many.
 */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set([...dictionary['passwords-common'], ...FURTHER]);
