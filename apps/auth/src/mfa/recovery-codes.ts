import { createHash, randomBytes } from 'node:crypto';

const CODES = 10;
/** 120 bits: too many to guess, so that a plain hash keeps them. */
const BYTES = 15;
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/** Ten codes of 24 letters in groups of four. */
export const newRecoveryCodes = (): string[] =>
  Array.from({ length: CODES }, () => inGroups(base32(randomBytes(BYTES))));

/** As the table knows a code, however it was typed: with or without groups, in any case. */
export const recoveryHash = (code: string): Buffer =>
  createHash('sha256')
    .update(code.toLowerCase().replace(/[^a-z2-7]/g, ''))
    .digest();

/** Whether the text may be a recovery code at all; six digits are none. */
export const looksLikeRecoveryCode = (code: string): boolean =>
  /^[a-z2-7]{24}$/.test(code.toLowerCase().replace(/[\s-]/g, ''));

function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{5}/g) ?? []).map((five) => BASE32.charAt(Number.parseInt(five, 2))).join('');
}

const inGroups = (text: string): string => (text.match(/.{4}/g) ?? []).join('-');
