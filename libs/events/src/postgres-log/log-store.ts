import type { Pool, PoolClient } from 'pg';
import { schemaName } from '../session/sql-identifier';
import type { EventHeaders, EventRecord, StartAt, StoredRecord, TopicLag } from '../transport';
import { logChannel, logLockName, logSchemaSql } from './log-schema';

/** Anything that one statement can be sent to: the pool, or a subscription's own session. */
export type Ask = <Row extends object>(text: string, values: readonly unknown[]) => Promise<Row[]>;

interface LogRow {
  topic: string;
  offset: string;
  key: string | null;
  value: string | null;
  headers: EventHeaders;
  stored_at: Date;
}

/** The statements of the log. Nothing here decides when. */
export class LogStore {
  readonly schema: string;

  constructor(schema: string) {
    this.schema = schemaName(schema);
  }

  async createSchema(pool: Pool): Promise<void> {
    await inTransaction(pool, async (client) => {
      await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
        `${logLockName(this.schema)}:schema`,
      ]);
      for (const statement of logSchemaSql(this.schema)) await client.query(statement);
    });
  }

  /**
   * Appends in one transaction under a lock that is held until it has committed, with the offsets drawn inside it: so
   * offsets become visible in their order, and a reader that has seen offset n will never find a smaller one later.
   */
  async append(pool: Pool, records: readonly EventRecord[]): Promise<void> {
    await inTransaction(pool, async (client) => {
      await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [logLockName(this.schema)]);
      await client.query(
        `INSERT INTO ${this.schema}.event_log (topic, key, value, headers)
         SELECT topic, key, value, headers::jsonb
         FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])
              WITH ORDINALITY AS record (topic, key, value, headers, position)
         ORDER BY position`,
        [
          records.map((record) => record.topic),
          records.map((record) => record.key),
          records.map((record) => record.value),
          records.map((record) => JSON.stringify(record.headers)),
        ],
      );
      await client.query('SELECT pg_notify($1, topic) FROM (SELECT DISTINCT unnest($2::text[]) AS topic) AS changed', [
        logChannel(this.schema),
        records.map((record) => record.topic),
      ]);
    });
  }

  async read(ask: Ask, topic: string, after: string, limit: number): Promise<StoredRecord[]> {
    const rows = await ask<LogRow>(
      `SELECT topic, "offset", key, value, headers, stored_at FROM ${this.schema}.event_log
       WHERE topic = $1 AND "offset" > $2 ORDER BY "offset" LIMIT $3`,
      [topic, after, limit],
    );
    return rows.map(toStored);
  }

  /** The newest record of each key, tombstones left out, in the order of their offsets. */
  async readNewestPerKey(ask: Ask, topic: string, upTo: string): Promise<StoredRecord[]> {
    const rows = await ask<LogRow>(
      `SELECT * FROM (
         SELECT DISTINCT ON (key) topic, "offset", key, value, headers, stored_at FROM ${this.schema}.event_log
         WHERE topic = $1 AND "offset" <= $2 AND key IS NOT NULL ORDER BY key, "offset" DESC
       ) AS newest WHERE value IS NOT NULL ORDER BY "offset"`,
      [topic, upTo],
    );
    return rows.map(toStored);
  }

  async lastOffset(ask: Ask, topic: string): Promise<string> {
    const rows = await ask<{ offset: string }>(
      `SELECT coalesce(max("offset"), 0) AS "offset" FROM ${this.schema}.event_log WHERE topic = $1`,
      [topic],
    );
    return rows[0]?.offset ?? '0';
  }

  /** The offset after which reading gives what `from` asks for. */
  async startOffset(ask: Ask, topic: string, from: StartAt): Promise<string> {
    if (from === 'earliest') return '0';
    if (from === 'latest') return this.lastOffset(ask, topic);
    if ('after' in from) return from.after[0] ?? '0';
    const rows = await ask<{ offset: string }>(
      `SELECT coalesce(max("offset"), 0) AS "offset" FROM ${this.schema}.event_log WHERE topic = $1 AND stored_at < $2`,
      [topic, from.since],
    );
    return rows[0]?.offset ?? '0';
  }

  async groupOffset(ask: Ask, group: string, topic: string): Promise<string> {
    const rows = await ask<{ offset: string }>(
      `SELECT "offset" FROM ${this.schema}.group_offsets WHERE group_name = $1 AND topic = $2`,
      [group, topic],
    );
    return rows[0]?.offset ?? '0';
  }

  /** Never backwards: a member that lost the group without knowing yet must not undo what its successor did. */
  async keepGroupOffset(ask: Ask, group: string, topic: string, offset: string): Promise<void> {
    await ask(
      `INSERT INTO ${this.schema}.group_offsets AS kept (group_name, topic, "offset") VALUES ($1, $2, $3)
       ON CONFLICT (group_name, topic) DO UPDATE SET "offset" = excluded."offset", updated_at = now()
       WHERE kept."offset" < excluded."offset"`,
      [group, topic, offset],
    );
  }

  async groupLag(ask: Ask, group: string, topics: readonly string[]): Promise<TopicLag[]> {
    const rows = await ask<{ topic: string; lag: string }>(
      `SELECT topic, (SELECT count(*) FROM ${this.schema}.event_log AS record WHERE record.topic = wanted.topic
         AND record."offset" > coalesce((SELECT "offset" FROM ${this.schema}.group_offsets AS kept
             WHERE kept.group_name = $1 AND kept.topic = wanted.topic), 0)) AS lag
       FROM unnest($2::text[]) AS wanted (topic)`,
      [group, [...topics]],
    );
    return rows.map((row) => ({ topic: row.topic, lag: Number(row.lag) }));
  }

  async lagAfter(ask: Ask, topic: string, after: string): Promise<number> {
    const rows = await ask<{ lag: string }>(
      `SELECT count(*) AS lag FROM ${this.schema}.event_log WHERE topic = $1 AND "offset" > $2`,
      [topic, after],
    );
    return Number(rows[0]?.lag ?? 0);
  }

  async topics(ask: Ask): Promise<string[]> {
    const rows = await ask<{ topic: string }>(`SELECT DISTINCT topic FROM ${this.schema}.event_log ORDER BY topic`, []);
    return rows.map((row) => row.topic);
  }

  /** Removes at most `limit` records older than `before`, or beyond the newest `keepRecords`. @returns how many */
  async removeOld(ask: Ask, topic: string, before: Date, keepRecords: number, limit: number): Promise<number> {
    return this.remove(
      ask,
      `SELECT ctid FROM ${this.schema}.event_log WHERE topic = $1 AND (stored_at < $2 OR "offset" <= coalesce((
         SELECT "offset" FROM ${this.schema}.event_log WHERE topic = $1 ORDER BY "offset" DESC OFFSET $3 LIMIT 1), 0))
       ORDER BY "offset" LIMIT $4`,
      [topic, before, keepRecords, limit],
    );
  }

  /**
   * Removes at most `limit` records older than `before` that a later one of their key replaces, and tombstones that stand
   * alone: one that still hides an older record would, once gone, bring that record back.
   */
  async removeReplaced(ask: Ask, topic: string, before: Date, limit: number): Promise<number> {
    return this.remove(
      ask,
      `SELECT record.ctid FROM (
         SELECT ctid, value, stored_at, row_number() OVER (PARTITION BY key ORDER BY "offset" DESC) AS age,
                count(*) OVER (PARTITION BY key) AS copies
         FROM ${this.schema}.event_log WHERE topic = $1
       ) AS record WHERE stored_at < $2 AND (age > 1 OR (value IS NULL AND copies = 1)) LIMIT $3`,
      [topic, before, limit],
    );
  }

  private async remove(ask: Ask, select: string, values: readonly unknown[]): Promise<number> {
    const rows = await ask<{ removed: string }>(
      `WITH gone AS (DELETE FROM ${this.schema}.event_log WHERE ctid = ANY (ARRAY(${select})) RETURNING 1)
       SELECT count(*) AS removed FROM gone`,
      values,
    );
    return Number(rows[0]?.removed ?? 0);
  }
}

/** The pool does not listen to a client it has lent: unheard, a connection that breaks between two answers ends the process. */
const heard = (): void => undefined;

async function inTransaction(pool: Pool, work: (client: PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect();
  client.on('error', heard);
  let failure: Error | undefined;
  try {
    await client.query('BEGIN');
    await work(client);
    await client.query('COMMIT');
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error));
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    client.off('error', heard);
    client.release(failure);
  }
}

function toStored(row: LogRow): StoredRecord {
  return {
    topic: row.topic,
    key: row.key,
    value: row.value,
    headers: row.headers,
    partition: 0,
    offset: row.offset,
    storedAt: row.stored_at,
  };
}
