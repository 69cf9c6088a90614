/** Why the embedded PostgreSQL could not do what was asked; `reason` is for code, the message for people. */
export type EmbeddedPostgresFailure =
  'binaries-missing' | 'data-directory' | 'in-use' | 'port-in-use' | 'disk-full' | 'stale-lock' | 'failed';

export class EmbeddedPostgresError extends Error {
  constructor(
    readonly reason: EmbeddedPostgresFailure,
    message: string,
    /** The last lines PostgreSQL wrote before it gave up, oldest first. */
    readonly lastLines: readonly string[] = [],
  ) {
    super(lastLines.length === 0 ? message : `${message}\nPostgreSQL said:\n  ${lastLines.join('\n  ')}`);
    this.name = 'EmbeddedPostgresError';
  }
}

const SIGNS: readonly { sign: RegExp; reason: EmbeddedPostgresFailure; message: string }[] = [
  { sign: /No space left on device/i, reason: 'disk-full', message: 'The disk that holds the data directory is full.' },
  {
    sign: /Address already in use|could not bind/i,
    reason: 'port-in-use',
    message: 'Another program listens on the port already.',
  },
  {
    sign: /lock file "postmaster\.pid" already exists|pre-existing shared memory block/i,
    reason: 'stale-lock',
    message: 'A server that is gone left its lock behind, and it is not released yet.',
  },
  {
    sign: /Permission denied|invalid permissions|wrong ownership/i,
    reason: 'data-directory',
    message: 'PostgreSQL may not read or write its data directory.',
  },
  {
    sign: /error while loading shared libraries|GLIBC_|GLIBCXX_/,
    reason: 'binaries-missing',
    message: 'The PostgreSQL binaries do not run on this system (they need glibc 2.27 or newer, not musl).',
  },
];

/** Turns the last lines of a server that ended early into an error that names the cause. */
export function diagnose(lastLines: readonly string[], what: string): EmbeddedPostgresError {
  const text = lastLines.join('\n');
  const found = SIGNS.find(({ sign }) => sign.test(text));
  return found
    ? new EmbeddedPostgresError(found.reason, `${what}: ${found.message}`, lastLines)
    : new EmbeddedPostgresError('failed', `${what}.`, lastLines);
}
