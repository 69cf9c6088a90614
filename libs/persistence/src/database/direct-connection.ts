import { setTimeout as sleep } from 'node:timers/promises';
import { Client, escapeIdentifier, type Notification } from 'pg';
import { Backoff } from './backoff';
import { LIMITS } from './data-source-options';
import { cutConnection, endConnection } from './cutting-client';
import { DatabaseUnavailableError } from './database-errors';
import { Leadership } from './leadership';
import { leaseOf, lockKey, type Lease, type Session } from './lease';
import { waitForServer } from './wait-for-server';

export interface DirectConnectionOptions {
  /** Must not lead through a pooler in transaction mode. */
  readonly url: string;
  readonly applicationName: string;
  /** Told of every lost or refused connection; the next attempt follows by itself. */
  readonly onError?: (error: unknown) => void;
  /** How often a quiet connection is checked, default 5 s. */
  readonly heartbeatMs?: number;
}

export interface Listener {
  /** A NOTIFY arrived. */
  onNotification(payload: string): void;
  /** LISTEN is in force, at first and after every lost connection: look for what was missed meanwhile. */
  onListening?(): void;
}

/**
 * The server gives up a silent client after 30 s (15 + 3 × 5), a client a silent server after heartbeat + 3 s: the old
 * leader must know that it lost the lock before the new one can get it.
 */
const SESSION_SETTINGS = 'SET tcp_keepalives_idle = 15; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3';
const HEARTBEAT_MS = 5_000;
const ANSWER_MS = 3_000;

/** One session with the server itself, for LISTEN and advisory locks. Connects on first use and again when it is lost. */
export class DirectConnection {
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly closing = new AbortController();
  private session: Session | null = null;
  private running: Promise<void> | null = null;
  private readonly sessionWaiters = new Set<(session: Session) => void>();

  constructor(private readonly options: DirectConnectionOptions) {}

  /** Delivers notifications of the channel until the answered function is called; survives lost connections. */
  async listen(channel: string, listener: Listener): Promise<() => Promise<void>> {
    const known = this.listeners.get(channel) ?? new Set();
    this.listeners.set(channel, known.add(listener));
    this.start();
    // Without a session the LISTEN follows with the next one.
    if (this.session) await this.subscribe(this.session, channel, [listener]).catch(this.report);
    return () => this.unlisten(channel, listener);
  }

  /**
   * Takes the lock if nobody has it; null when somebody has, this process included.
   * @throws DatabaseUnavailableError when there is no session.
   */
  async tryLock(name: string): Promise<Lease | null> {
    const session = await this.currentSession();
    if (session.held.has(name)) return null;
    session.held.add(name);
    try {
      const { rows } = await session.client.query<{ taken: boolean }>(
        'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS taken',
        [lockKey(name)],
      );
      if (rows[0]?.taken) return leaseOf(session, name);
    } catch (error) {
      // Whether the lock was taken is unknown; only the end of the session settles it.
      this.drop(session, error);
      throw new DatabaseUnavailableError({ cause: error });
    }
    session.held.delete(name);
    return null;
  }

  /** Runs the work while this process holds the lock, again after each loss, until stopped. Never two at a time. */
  withLeadership(
    name: string,
    work: (signal: AbortSignal) => Promise<void>,
    options?: { retryMs?: number },
  ): Leadership {
    this.start();
    return new Leadership(() => this.tryLock(name), work, { ...options, onError: this.report });
  }

  /** Ends the session, which releases its locks. */
  async close(): Promise<void> {
    this.closing.abort();
    this.session?.lost.abort();
    await this.running;
  }

  private start(): void {
    this.running ??= this.keepConnected();
  }

  private async keepConnected(): Promise<void> {
    const backoff = new Backoff();
    while (!this.closing.signal.aborted) {
      try {
        const session = await this.connect();
        backoff.reset();
        await this.whileAlive(session);
      } catch (error) {
        this.report(error);
      }
      await sleep(backoff.next(), undefined, { signal: this.closing.signal }).catch(() => undefined);
    }
  }

  private async connect(): Promise<Session> {
    const client = new Client({
      connectionString: this.options.url,
      application_name: `${this.options.applicationName}-direct`,
      connectionTimeoutMillis: LIMITS.connectMs,
      query_timeout: ANSWER_MS,
      keepAlive: true,
    });
    const session: Session = { client, lost: new AbortController(), held: new Set() };
    client.on('error', (error) => {
      this.drop(session, error);
    });
    client.on('end', () => {
      session.lost.abort();
    });
    client.on('notification', this.deliver);
    try {
      await client.connect();
      await client.query(SESSION_SETTINGS);
      return session;
    } catch (error) {
      cutConnection(client);
      throw error;
    }
  }

  private async whileAlive(session: Session): Promise<void> {
    try {
      // Before the subscriptions: a listener added meanwhile then subscribes itself, and twice does no harm.
      this.session = session;
      for (const [channel, listeners] of this.listeners) await this.subscribe(session, channel, [...listeners]);
      for (const give of this.sessionWaiters) give(session);
      this.sessionWaiters.clear();
      await this.heartbeat(session);
    } finally {
      this.session = null;
      session.lost.abort();
      await endConnection(session.client, this.closing.signal.aborted);
    }
  }

  private async heartbeat({ client, lost }: Session): Promise<void> {
    const interval = this.options.heartbeatMs ?? HEARTBEAT_MS;
    const signal = AbortSignal.any([lost.signal, this.closing.signal]);
    const pause = (): Promise<boolean> =>
      sleep(interval, undefined, { signal }).then(
        () => true,
        () => false,
      );
    while (await pause()) await client.query('SELECT 1');
  }

  private async subscribe(session: Session, channel: string, listeners: Listener[]): Promise<void> {
    await session.client.query(`LISTEN ${escapeIdentifier(channel)}`);
    for (const listener of listeners) this.tell(() => listener.onListening?.());
  }

  private async unlisten(channel: string, listener: Listener): Promise<void> {
    const known = this.listeners.get(channel);
    known?.delete(listener);
    if (known?.size !== 0) return;
    this.listeners.delete(channel);
    await this.session?.client.query(`UNLISTEN ${escapeIdentifier(channel)}`).catch(this.report);
  }

  private readonly deliver = ({ channel, payload }: Notification): void => {
    for (const listener of this.listeners.get(channel) ?? [])
      this.tell(() => {
        listener.onNotification(payload ?? '');
      });
  };

  /** A listener's mistake must neither end the session nor the process. */
  private tell(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.report(error);
    }
  }

  /** The first session may still be on its way; later than that the caller is told. */
  private async currentSession(): Promise<Session> {
    this.start();
    if (this.session) return this.session;
    let wake: (session: Session) => void = () => undefined;
    const next = new Promise<Session>((resolve) => {
      wake = resolve;
    });
    this.sessionWaiters.add(wake);
    try {
      return await waitForServer(next, { ms: LIMITS.connectMs, closing: this.closing.signal });
    } finally {
      this.sessionWaiters.delete(wake);
    }
  }

  private drop(session: Session, error: unknown): void {
    this.report(error);
    session.lost.abort();
  }

  private readonly report = (error: unknown): void => {
    this.options.onError?.(error);
  };
}
