import { argon2id } from 'argon2';

/** OWASP's second profile: 46 MiB, one pass, one lane. Every new hash has it, and the dummy too. */
export const HASH_COST = { type: argon2id, memoryCost: 47_104, timeCost: 1, parallelism: 1 } as const;

const CURRENT = `$argon2id$v=19$m=${HASH_COST.memoryCost},t=${HASH_COST.timeCost},p=${HASH_COST.parallelism}$`;
/** How Django writes an Argon2 hash: its own name of the hasher before the usual form. */
const DJANGO = 'argon2$';

/**
 * The hash that a user's password is checked against: `password_hash`, else `password` (SPEC A1). Null when neither holds
 * one that can be checked, for example Django's `!` for "no password".
 */
export function storedHash(user: { readonly passwordHash: string; readonly password: string }): string | null {
  const text = user.passwordHash === '' ? user.password : user.passwordHash;
  const plain = text.startsWith(DJANGO) ? text.slice(DJANGO.length - 1) : text;
  return plain.startsWith('$argon2id$') ? plain : null;
}

/** Whether the stored text is what would be written today. */
export const isCurrent = (passwordHash: string): boolean => passwordHash.startsWith(CURRENT);
