import type { SqlExecutor } from '../outbox';
import { rowsOf } from '../outbox/sql-executor';
import { schemaName } from '../session/sql-identifier';

const PRUNE_BATCH = 10_000;

/**
 * Which events a group has handled, written in the same transaction as what they did: a repeated delivery then changes
 * nothing, and a crash in between leaves neither the mark nor the effect.
 */
export class Inbox {
  private readonly table: string;

  constructor(
    schema: string,
    private readonly group: string,
  ) {
    this.table = `${schemaName(schema)}.inbox`;
  }

  /** Runs `work` unless the event was handled before. @returns whether it ran */
  async onceOnly(transaction: SqlExecutor, eventId: string, work: () => Promise<void>): Promise<boolean> {
    const fresh = await this.claimNew(transaction, [eventId]);
    if (!fresh.has(eventId)) return false;
    await work();
    return true;
  }

  /** Marks events as handled. @returns the ids that were not handled before; the caller must handle exactly these */
  async claimNew(transaction: SqlExecutor, eventIds: readonly string[]): Promise<ReadonlySet<string>> {
    const answer = await transaction.query(
      `WITH fresh AS (
         INSERT INTO ${this.table} (consumer_group, event_id)
         SELECT $1, event_id FROM unnest($2::uuid[]) AS event (event_id) ORDER BY event_id
         ON CONFLICT DO NOTHING RETURNING event_id
       ) SELECT event_id FROM fresh`,
      [this.group, [...eventIds]],
    );
    return new Set(rowsOf(answer).map((row) => String(row['event_id'])));
  }

  /**
   * Forgets events handled before `before`, which must be earlier than the oldest event that can still be delivered
   * (the log's retention): a forgotten event that came again would be handled again.
   * @returns how many were forgotten
   */
  async prune(connection: SqlExecutor, before: Date): Promise<number> {
    for (let total = 0; ;) {
      const answer = await connection.query(
        `WITH old AS (
           DELETE FROM ${this.table} WHERE ctid = ANY (ARRAY(
             SELECT ctid FROM ${this.table} WHERE consumer_group = $1 AND handled_at < $2 LIMIT ${PRUNE_BATCH}))
           RETURNING 1
         ) SELECT count(*)::int AS pruned FROM old`,
        [this.group, before],
      );
      const pruned = Number(rowsOf(answer)[0]?.['pruned'] ?? 0);
      total += pruned;
      if (pruned < PRUNE_BATCH) return total;
    }
  }
}
