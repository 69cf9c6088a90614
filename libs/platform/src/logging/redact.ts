const MASK = '[redacted]';

/**
 * Ends of member names, lower case and without separators, whose value is a secret wherever it stands: `refresh_token`,
 * `X-Api-Key`, `RUNPOD_API_KEY` and `accessToken` are all covered.
 */
const SECRET_ENDINGS = [
  'authorization',
  'cookie',
  'password',
  'passwd',
  'pwd',
  'secret',
  'token',
  'ticket',
  'apikey',
  'privatekey',
  'credential',
  'credentials',
  'recoverycodes',
  'recoverycode',
  'otpauthuri',
];

/**
 * Secrets by their shape or by the word before them, for those inside free text, a URL or a client's error message. Runs are
 * bounded and anchored: without that a long text of the wrong letters holds the event loop for seconds.
 */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----[^-]{1,20000}-----END [A-Z ]{0,20}PRIVATE KEY-----/g, '[private key]'],
  [/eyJ(?:(?!eyJ)[\w-]){8,1000}\.[\w-]{8,}\.[\w-]*/g, '[jwt]'],
  [/\$?argon2(?:id?|d)\$[^\s"']+/g, '[hash]'],
  [/otpauth:\/\/[^\s"']+/g, '[otpauth]'],
  [/\b(?:[sr]k_(?:live|test)_|whsec_|hvs\.|rpa_)[\w-]{6,}/g, MASK],
  [/\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi, `$1 ${MASK}`],
  // Greedy to the last @ before the path: a password may hold an @ of its own.
  [/((?<![a-z0-9+.-])[a-z][a-z0-9+.-]{0,30}:\/\/[^\s:/@"]{0,200}):[^\s/"]{1,500}@/gi, `$1:${MASK}@`],
  // Backslashes stand before the quotes when a JSON text is quoted inside a message.
  [
    /((?:api[_-]?key|(?<!per_)token|ticket|password|passwd|pwd|secret)\\*["']?\s*[=:]\s*\\*["']?)[^\s"'&,;\\]{3,}/gi,
    `$1${MASK}`,
  ],
  [
    /((?:authorization|cookie)\\*["']?\s*[=:](?!\s*\\*["']?(?:bearer|basic)\s)\s*\\*["']?)[^\s"'\\][^"'\\\r\n]{2,}/gi,
    `$1${MASK}`,
  ],
];

export const redactText = (text: string): string =>
  PATTERNS.reduce((line, [pattern, replacement]) => line.replace(pattern, replacement), text);

/**
 * One finished log line without its secrets. It is taken apart again because only then names and values are known at any
 * depth: clients hang whole requests on the errors they throw.
 */
export function redactLine(line: string): string {
  let fields: unknown;
  try {
    fields = JSON.parse(line);
  } catch {
    return redactText(line);
  }
  return `${JSON.stringify(redactValue(fields))}\n`;
}

function redactValue(value: unknown): unknown {
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) return value.map((item, index) => redactItem(item, value[index - 1]));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, redactMember(name, member)]));
}

/** A number or a switch under such a name is a measure (`cost_per_token`), not a secret. */
function redactMember(name: string, value: unknown): unknown {
  const carriesSecret = typeof value === 'string' ? value !== '' : typeof value === 'object' && value !== null;
  return carriesSecret && isSecretName(name) ? MASK : redactValue(value);
}

/** Raw header lists alternate names and values. */
function redactItem(item: unknown, previous: unknown): unknown {
  return typeof previous === 'string' ? redactMember(previous, item) : redactValue(item);
}

function isSecretName(name: string): boolean {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  return SECRET_ENDINGS.some((ending) => plain.endsWith(ending));
}
