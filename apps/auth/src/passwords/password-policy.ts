import { COMMON_PASSWORDS, COMMON_WORDS } from './common-passwords';

const SHORTEST = 8;
const LONGEST = 128;
/** A part of the address or of a name counts as known to an attacker from this length on. */
const TELLING_LENGTH = 4;

/** What else an attacker knows of the person. */
export interface PasswordContext {
  readonly email: string;
  readonly names: readonly (string | null | undefined)[];
}

/**
 * What is wrong with a new password, one sentence; null when nothing is. Length and being known, no composition rules
 * (NIST SP 800-63B); counted in characters, compared unmodified elsewhere.
 */
export function passwordProblem(password: string, context: PasswordContext): string | null {
  const length = [...password].length;
  if (length < SHORTEST) return `must have at least ${SHORTEST} characters`;
  if (length > LONGEST) return `must have at most ${LONGEST} characters`;
  const lower = password.toLowerCase();
  if (isCommon(lower)) return 'is among the passwords that are tried first';
  if (isPattern(lower)) return 'is a simple pattern';
  if (isTelling(lower, context)) return 'must not be made of the address or the name';
  return null;
}

const LEET: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
};

/** What people add at the ends of a known word; with more than this the added part is a password itself. */
const MOST_ADDED = 8;
const SHORTEST_WORD = 4;

/**
 * With its digits read as letters, and without what people add at the ends, one of the commonest is still the same password.
 * Of the rarer ones only the word itself is refused: every name and noun is among them.
 */
function isCommon(lower: string): boolean {
  if (COMMON_PASSWORDS.has(lower)) return true;
  const bare = lower.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, '');
  const read = (text: string) => text.replace(/[013457@$]/g, (char) => LEET[char] ?? char);
  const inside = lower.replace(/^[^\p{L}\p{N}]+|[^\p{L}]+$/gu, '');
  const plain = lower.replace(/[^\p{L}\p{N}]+$/u, '');
  return [plain, bare, read(inside), read(bare)]
    .filter((word) => word.length >= SHORTEST_WORD && lower.length - word.length <= MOST_ADDED)
    .some((word) => COMMON_WORDS.has(word));
}

const ROWS = [
  'abcdefghijklmnopqrstuvwxyz',
  '01234567890',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  '1qaz2wsx3edc4rfv5tgb',
];
const RUNS = ROWS.flatMap((row) => [row, [...row].reverse().join('')]);

/** One or two characters repeated, a short piece repeated, or a run along the alphabet or a row of keys. */
function isPattern(lower: string): boolean {
  if (new Set(lower).size <= 2 || /^(.{1,4})\1+$/.test(lower)) return true;
  return RUNS.some((run) => run.includes(lower)) || isMadeOfRuns(lower);
}

/** `qwerty12345678`: split into runs of four and more, nothing is left. */
function isMadeOfRuns(text: string): boolean {
  if (text === '') return true;
  for (let length = text.length; length >= 4; length -= 1) {
    const head = text.slice(0, length);
    if (RUNS.some((run) => run.includes(head))) return isMadeOfRuns(text.slice(length));
  }
  return false;
}

function isTelling(lower: string, { email, names }: PasswordContext): boolean {
  const bare = lower.replace(/[^\p{L}]+$/u, '').replace(/^[^\p{L}]+/u, '');
  const parts = [email, email.split('@', 1)[0] ?? '', ...names.map((name) => name ?? '')]
    .flatMap((text) => [text, text.replace(/\s+/g, '')])
    .map((text) => text.toLowerCase())
    .filter((text) => text.length >= TELLING_LENGTH);
  return parts.some((part) => lower === part || bare === part);
}
