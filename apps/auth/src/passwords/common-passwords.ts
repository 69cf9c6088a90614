import { dictionary } from '@zxcvbn-ts/language-common';

/** What the library's list does not know: this product's own name, and some of other languages and years. */
const FURTHER = `
00000000 121212 123123123 12341234 19841984 20002000 27182818 87654321 88888888 987654321 contraseña gpubroker instagram
linkedin login oldpassword passphrase qwerqwer qwertz thepassword toor twitter yourpassword zxcvzxcv
`
  .trim()
  .split(/\s+/);

const LEAKED = dictionary['passwords-common'];

/** Passwords of leaks, lower case: 49,233 of the library's (3.4 MB of memory), oftenest first. */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set([...LEAKED, ...FURTHER]);

/** Those that guessing also tries with digits for letters and with something added at the ends. */
export const COMMON_WORDS: ReadonlySet<string> = new Set([...LEAKED.slice(0, 1_000), ...FURTHER]);
