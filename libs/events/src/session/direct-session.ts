import { Client, type QueryResultRow } from 'pg';

export interface DirectSessionOptions {
  /** Not through a PgBouncer in transaction mode: LISTEN and session locks belong to one server connection. */
  readonly url: string;
  readonly applicationName: string;
}

/** A question that takes longer than this has met a dead connection. */
const QUERY_TIMEOUT_MS = 15_000;

/**
 * One PostgreSQL session that listens and holds locks. It does not reconnect: with the session its locks are lost to
 * somebody else, so whoever relies on them has to start again from what is in the database.
 */
export class DirectSession {
  private readonly gone = new AbortController();
  /** The client takes one question at a time; those of several loops wait for each other here. */
  private turn: Promise<unknown> = Promise.resolve();

  private constructor(private readonly client: Client) {}

  static async open({ url, applicationName }: DirectSessionOptions): Promise<DirectSession> {
    const client = new Client({
      connectionString: url,
      application_name: applicationName,
      connectionTimeoutMillis: 5_000,
      query_timeout: QUERY_TIMEOUT_MS,
      keepAlive: true,
    });
    const session = new DirectSession(client);
    client.on('error', () => {
      session.gone.abort();
    });
    client.on('end', () => {
      session.gone.abort();
    });
    await client.connect();
    // Without these the server would let a vanished client hold its locks for two hours.
    await client.query('SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3');
    return session;
  }

  /** Aborts when the connection, and every lock with it, is lost. */
  get lost(): AbortSignal {
    return this.gone.signal;
  }

  async query<Row extends QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const answer = this.turn.then(() => this.client.query<Row>(text, [...values]));
    this.turn = answer.catch(() => undefined);
    return (await answer).rows;
  }

  async listen(channel: string, onNotify: (payload: string) => void): Promise<void> {
    this.client.on('notification', (message) => {
      if (message.channel === channel) onNotify(message.payload ?? '');
    });
    await this.query(`LISTEN ${this.client.escapeIdentifier(channel)}`);
  }

  /** Held until the session ends. @returns false when another session holds it */
  async tryLock(name: string): Promise<boolean> {
    const rows = await this.query<{ locked: boolean }>(
      'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS locked',
      [name],
    );
    return rows[0]?.locked === true;
  }

  async close(): Promise<void> {
    this.gone.abort();
    await this.client.end().catch(() => undefined);
  }
}
