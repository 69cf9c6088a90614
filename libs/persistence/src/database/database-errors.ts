/** The database cannot be reached or refuses connections now; the same request may succeed later. */
export class DatabaseUnavailableError extends Error {
  constructor(options?: { cause?: unknown }) {
    super('Database not available', options);
    this.name = 'DatabaseUnavailableError';
  }
}

/**
 * Connection exceptions (08), shutdown and start-up (57P0), no disk, memory or connection left (53), a server that takes no
 * writes (25006), its files out of reach (58030).
 */
const SQLSTATES = /^(08...|57P0.|53...|25006|58030)$/;
const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
/** What pg, its pool and TypeORM say without a code. */
const MESSAGES = [
  /^timeout exceeded when trying to connect$/,
  /^timeout expired$/,
  /^Connection terminated/,
  /^Client has encountered a connection error/,
  /^Client was closed and is not queryable/,
  /^Query read timeout$/,
  /^Cannot use a pool after calling end/,
  /^Driver not Connected$/,
  /^Cannot execute operation because connection is not yet established/,
];

/**
 * Whether an error means that the database is down, rather than that the query is wrong.
 * A client of another service must wrap its own network errors: their codes are the same.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  // Not `instanceof Error`: the system's own errors are of another realm inside Jest.
  if (typeof error !== 'object' || error === null) return false;
  if (error instanceof DatabaseUnavailableError) return true;
  const { code, message, driverError } = error as { code?: unknown; message?: unknown; driverError?: unknown };
  if (typeof code === 'string' && (SQLSTATES.test(code) || NETWORK.has(code))) return true;
  if (typeof message === 'string' && MESSAGES.some((sign) => sign.test(message))) return true;
  return isDatabaseUnavailable(driverError);
}
