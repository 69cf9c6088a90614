import type { Client } from 'pg';

/** A session advisory lock of this process. `signal` aborts the moment the lock may be somebody else's. */
export interface Lease {
  readonly signal: AbortSignal;
  release(): Promise<void>;
}

/** One connected life of a direct connection; its locks end with it. */
export interface Session {
  readonly client: Client;
  readonly lost: AbortController;
  /** PostgreSQL grants a session the lock it has already, so what we hold is kept here. */
  readonly held: Set<string>;
}

export function leaseOf({ client, lost, held }: Session, name: string): Lease {
  return {
    signal: lost.signal,
    release: async () => {
      if (lost.signal.aborted || !held.has(name)) return;
      // A failing unlock leaves the lock with this session, so the session must go.
      await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [lockKey(name)]).catch(() => {
        lost.abort();
      });
      held.delete(name);
    },
  };
}

/** Advisory locks are one number space per database, shared with whatever else lives there. */
export function lockKey(name: string): string {
  return `gpubroker:${name}`;
}
