import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, escapeIdentifier } from 'pg';
import { makeParent, prepareDataDirectory, SUPERUSER } from './data-directory';
import { claimDirectory, type DirectoryClaim } from './directory-owner';
import { EmbeddedPostgresError } from './embedded-postgres.error';
import { freePort } from './free-port';
import { stopOrphan } from './orphan';
import { findBinaries } from './postgres-binaries';
import { PostgresProcess, type PostgresExit, type PostgresLaunch } from './postgres-process';
import { chooseRunAs, isReachable, type RunAs } from './run-as';
import { fallbackDataDirectory, stateDirectory } from './state-directory';

export interface EmbeddedPostgresOptions {
  /** Created when missing. As root, a place its user cannot reach is replaced: read `dataDirectory` of the answer. */
  readonly dataDirectory: string;
  /** TCP port on 127.0.0.1; 0 or absent: a free one. */
  readonly port?: number;
  /** Receives PostgreSQL's own log lines and the launcher's remarks. */
  readonly log?: (line: string) => void;
  /** Server settings (`-c name=value`) over the launcher's own. */
  readonly settings?: Readonly<Record<string, string | number | boolean>>;
  /** false: no fsync, for tests only. Default true. */
  readonly durable?: boolean;
}

const STALE_LOCK_PATIENCE_MS = 15_000;
const FREE_PORT_TRIES = 3;
const BASE_SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: 200,
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
};
const NOT_DURABLE = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };

/**
 * Starts PostgreSQL as a child of this process. A server orphaned by a killed owner is stopped first; what it
 * acknowledged is recovered from its log.
 * @throws EmbeddedPostgresError with a `reason` and PostgreSQL's last words.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const log = options.log ?? (() => undefined);
  const durable = options.durable ?? true;
  const runAs = chooseRunAs();
  const binaries = findBinaries(runAs);
  const dataDirectory = reachableDirectory(resolve(options.dataDirectory), runAs, log);
  makeParent(dataDirectory);
  const claim = claimDirectory(dataDirectory);
  try {
    const orphan = await stopOrphan(dataDirectory);
    if (orphan !== null) log(`stopped PostgreSQL ${orphan}, which a killed owner left behind on ${dataDirectory}`);
    const { password } = await prepareDataDirectory(dataDirectory, { binaries, runAs, durable });
    const settings = { ...BASE_SETTINGS, ...(durable ? {} : NOT_DURABLE), ...options.settings };
    const launch = { program: binaries.postgres, dataDirectory, runAs, settings, log };
    const server = await launchOnPort(launch, options.port ?? 0);
    return new EmbeddedPostgres({ ...launch, port: server.port }, server.process, password, claim);
  } catch (error) {
    claim.release();
    throw error;
  }
}

function reachableDirectory(requested: string, runAs: RunAs | null, log: (line: string) => void): string {
  if (isReachable(requested, runAs)) return requested;
  const fallback = fallbackDataDirectory(requested, stateDirectory(runAs));
  log(`the user that runs PostgreSQL cannot enter ${requested}; the data is kept in ${fallback}`);
  return fallback;
}

type PortlessLaunch = Omit<PostgresLaunch, 'port'>;

async function launchOnPort(
  launch: PortlessLaunch,
  wanted: number,
): Promise<{ port: number; process: PostgresProcess }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = wanted === 0 ? await freePort() : wanted;
    try {
      return { port, process: await launchWhenUnlocked({ ...launch, port }) };
    } catch (error) {
      // Between finding a free port and taking it another program can be faster.
      const lostTheRace = error instanceof EmbeddedPostgresError && error.reason === 'port-in-use' && wanted === 0;
      if (!lostTheRace || attempt === FREE_PORT_TRIES) throw error;
    }
  }
}

/** After kill -9 the lock looks valid until the dead pid is reaped and the last of its children has noticed. */
async function launchWhenUnlocked(launch: PostgresLaunch): Promise<PostgresProcess> {
  const end = Date.now() + STALE_LOCK_PATIENCE_MS;
  for (;;) {
    const server = new PostgresProcess(launch);
    try {
      await server.waitUntilReady();
      return server;
    } catch (error) {
      const stale = error instanceof EmbeddedPostgresError && error.reason === 'stale-lock';
      if (!stale || Date.now() > end) throw error;
    }
    await sleep(100);
  }
}

/** A running cluster of this process. */
export class EmbeddedPostgres {
  private readonly listeners = new Set<(exit: PostgresExit) => void>();
  private stopping: Promise<void> | null = null;
  private restarting: Promise<void> | null = null;
  /** A process that ends without stop() would leave its server running. */
  private readonly interrupt = (): void => {
    this.server.interrupt();
  };

  constructor(
    private readonly launch: PostgresLaunch,
    private server: PostgresProcess,
    private readonly password: string,
    private readonly claim: DirectoryClaim,
  ) {
    process.once('exit', this.interrupt);
    this.watch(server);
  }

  get port(): number {
    return this.launch.port;
  }

  get pid(): number {
    return this.server.pid;
  }

  /** Where the data really lies. */
  get dataDirectory(): string {
    return this.launch.dataDirectory;
  }

  /** Connection string of a database of this cluster, password included: never log it. */
  url(database: string): string {
    return `postgresql://${SUPERUSER}:${this.password}@127.0.0.1:${this.port}/${encodeURIComponent(database)}`;
  }

  /** Creates the database unless it is there. */
  async createDatabase(name: string): Promise<void> {
    const client = new Client({ connectionString: this.url('postgres'), connectionTimeoutMillis: 5_000 });
    await client.connect();
    try {
      const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
      if (rowCount === 0) await client.query(`CREATE DATABASE ${escapeIdentifier(name)}`).catch(ignoreDuplicate);
    } finally {
      await client.end();
    }
  }

  /** Told when the server ends without stop(): crash, kill, out of memory. Answers a function that unsubscribes. */
  onUnexpectedExit(listener: (exit: PostgresExit) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Starts the server again on the same port, ending it first when it runs; committed rows are recovered. */
  restart(): Promise<void> {
    if (this.stopping) throw new EmbeddedPostgresError('failed', 'This cluster was stopped; start a new one.');
    this.restarting ??= this.replaceServer().finally(() => {
      this.restarting = null;
    });
    return this.restarting;
  }

  /** Clean end: sessions are closed, a checkpoint is written. Later calls wait for the first. */
  stop(): Promise<void> {
    this.stopping ??= this.end();
    return this.stopping;
  }

  private async replaceServer(): Promise<void> {
    await this.server.stop();
    this.server = await launchWhenUnlocked(this.launch);
    this.watch(this.server);
  }

  private async end(): Promise<void> {
    await this.restarting?.catch(() => undefined);
    await this.server.stop();
    process.off('exit', this.interrupt);
    this.claim.release();
  }

  private watch(server: PostgresProcess): void {
    void server.exited.then((exit) => {
      if (this.stopping || this.restarting) return;
      for (const listener of this.listeners) listener(exit);
    });
  }
}

const DUPLICATE_DATABASE = ['42P04', '23505'];

function ignoreDuplicate(error: Error & { code?: string }): void {
  if (!DUPLICATE_DATABASE.includes(error.code ?? '')) throw error;
}
