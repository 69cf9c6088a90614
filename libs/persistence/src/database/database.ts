import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource, EntityManager, EntityTarget, ObjectLiteral, Repository } from 'typeorm';
import { Backoff } from './backoff';
import { localLimitsSql } from './data-source-options';
import { isBehindPooler, type DatabaseDefinition } from './database-definition';
import { DatabaseUnavailableError, isDatabaseUnavailable } from './database-errors';
import { MigratedDataSource } from './migrated-data-source';
import { waitForServer } from './wait-for-server';

/**
 * A service's pool. It starts whether or not the server is up, and connects in the background until it is; after that the
 * pool replaces broken connections by itself. Until the migrations are done it is as unavailable as without a server.
 */
export class Database {
  private readonly closing = new AbortController();
  private readonly connected: Promise<void>;
  private connecting: Promise<void> = Promise.resolve();
  private markConnected: () => void = () => undefined;

  private constructor(
    readonly dataSource: DataSource,
    private readonly localLimits: string | null,
    private readonly onConnectFailure: (error: unknown) => void,
  ) {
    this.connected = new Promise((resolve) => {
      this.markConnected = resolve;
    });
  }

  /** @param onConnectFailure told of every failed attempt to connect before the first that succeeds */
  static async open(
    definition: DatabaseDefinition,
    onConnectFailure: (error: unknown) => void = () => undefined,
  ): Promise<Database> {
    const dataSource = await new MigratedDataSource(definition).prepare();
    const database = new Database(
      dataSource,
      isBehindPooler(definition) ? localLimitsSql(definition) : null,
      onConnectFailure,
    );
    database.connecting = database.connect();
    return database;
  }

  repository<T extends ObjectLiteral>(entity: EntityTarget<T>): Repository<T> {
    return this.dataSource.getRepository(entity);
  }

  /**
   * All of the work or nothing. Never await anything but the database inside.
   * @throws DatabaseUnavailableError when the server is away; a commit whose answer was lost may have happened.
   */
  async inTransaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    try {
      return await this.dataSource.transaction(async (manager) => {
        if (this.localLimits) await manager.query(this.localLimits);
        return work(manager);
      });
    } catch (error) {
      throw isDatabaseUnavailable(error) ? new DatabaseUnavailableError({ cause: error }) : error;
    }
  }

  /** Asks the server now; false also when no connection of the pool gets free in time, or migrations are still to be done. */
  async isUp(): Promise<boolean> {
    if (!this.dataSource.isInitialized) return false;
    try {
      await this.dataSource.query('SELECT 1');
      return true;
    } catch {
      return false;
    }
  }

  /**
   * Waits for the first connection, not for the migrations.
   * @throws DatabaseUnavailableError when it takes longer than `timeoutMs`, or the database was closed.
   */
  async whenReady(timeoutMs?: number): Promise<void> {
    await waitForServer(this.connected, { ms: timeoutMs, closing: this.closing.signal });
  }

  /** Gives up connecting, waits for running queries and closes the pool. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.connecting;
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }

  private async connect(): Promise<void> {
    const backoff = new Backoff();
    while (!this.closing.signal.aborted) {
      try {
        await this.dataSource.initialize();
        this.markConnected();
        break;
      } catch (error) {
        this.onConnectFailure(error);
        await sleep(backoff.next(), undefined, { signal: this.closing.signal }).catch(() => undefined);
      }
    }
  }
}
