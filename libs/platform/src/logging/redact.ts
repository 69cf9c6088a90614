/** Members whose value is a secret wherever they stand. */
const SECRET_NAMES = [
  'authorization',
  'cookie',
  'set-cookie',
  'password',
  'new_password',
  'current_password',
  'secret',
  'token',
  'access_token',
  'refresh_token',
  'mfa_token',
  'ticket',
  'api_key',
  'apikey',
  'x-api-key',
  'client_secret',
  'credentials',
  'private_key',
  'recovery_codes',
  'mfa_secret',
  'otpauth_uri',
];

/** pino's path redaction: the first net, cheap, for named members up to two levels down. */
export const REDACT_PATHS = SECRET_NAMES.flatMap((name) => [`["${name}"]`, `*["${name}"]`, `*.*["${name}"]`]);

/** Second net, over the finished line: secrets by their shape, for those that stand inside free text, a URL or a client's error. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, '[jwt]'],
  [/\b(bearer|basic)\s+[\w.~+/=-]{6,}/gi, '$1 [redacted]'],
  [
    /\b(api[_-]?key|token|ticket|password|secret|client_secret|passwd|pwd)(["']?\s*[=:]\s*["']?)[^\s"'&,;\\]{3,}/gi,
    '$1$2[redacted]',
  ],
  [/([a-z][a-z0-9+.-]*:\/\/[^\s:/@"]*):[^\s@/"]+@/gi, '$1:[redacted]@'],
  [/\$argon2[a-z]*\$[^\s"']+/g, '[hash]'],
  [/otpauth:\/\/[^\s"']+/g, '[otpauth]'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g, '[private key]'],
];

export const redactText = (text: string): string =>
  PATTERNS.reduce((line, [pattern, replacement]) => line.replace(pattern, replacement), text);
