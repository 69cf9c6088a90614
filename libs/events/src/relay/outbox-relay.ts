import { EVENT_ID_HEADER } from '@gpubroker/contracts/events';
import { outboxChannel } from '../outbox/outbox-schema';
import type { DirectSession } from '../session/direct-session';
import { SessionLoop, type SessionWork } from '../session/session-loop';
import { schemaName } from '../session/sql-identifier';
import { WakeSignal } from '../session/wake-signal';
import { UnpublishableEventError, type EventHeaders, type EventRecord, type EventTransport } from '../transport';

export interface OutboxRelayOptions {
  /** The service's own schema. */
  readonly schema: string;
  /** DATABASE_DIRECT_URL: the relay listens and holds a session lock. */
  readonly directUrl: string;
  readonly transport: Pick<EventTransport, 'publish'>;
  readonly observer?: RelayObserver;
  /** Events per publish. Default 500. */
  readonly batchSize?: number;
  /** The poll behind the notification. Default 1,000. */
  readonly pollMs?: number;
  /** How often the outbox is measured. Default 5,000. */
  readonly measureEveryMs?: number;
}

/** For metrics and logs; none may throw. */
export interface RelayObserver {
  /** Every few seconds on the relay that is active: gpubroker_outbox_pending. */
  measured?(state: OutboxState): void;
  published?(count: number): void;
  /** An event that the log will never take was put aside in the outbox. */
  refused?(eventId: string, topic: string, reason: string): void;
  /** The database or the log could not be reached; it is tried again. */
  failed?(error: unknown): void;
}

export interface OutboxState {
  readonly pending: number;
  readonly oldestAgeMs: number;
  readonly refused: number;
}

interface OutboxRow {
  seq: string;
  event_id: string;
  topic: string;
  key: string;
  payload: string | null;
  headers: EventHeaders;
}

/**
 * Moves committed events from a service's outbox to the log. Of all replicas one is active, by a session lock; another
 * takes over when its session ends.
 *
 * Order per key holds because: (1) a transaction takes the row locks of what it changes before it writes the events about
 * it, so the next change of the same key gets its `seq` after the first one's commit; (2) whoever sees the second event
 * therefore sees the first; (3) rows are read by state, lowest `seq` first, and deleted after publishing. Reading
 * `seq > last` instead would lose every event whose slower transaction committed after a later number was read.
 */
export class OutboxRelay {
  private readonly loop: SessionLoop;
  private readonly bell = new WakeSignal();
  private readonly table: string;
  private readonly observer: RelayObserver;

  constructor(private readonly options: OutboxRelayOptions) {
    this.table = `${schemaName(options.schema)}.outbox`;
    this.observer = options.observer ?? {};
    this.loop = new SessionLoop(
      { url: options.directUrl, applicationName: `${options.schema}-relay` },
      (work) => this.lead(work),
      (error) => this.observer.failed?.(error),
    );
  }

  start(): void {
    this.loop.start();
  }

  /** Finishes the batch at hand and gives the lead to another replica. */
  async stop(): Promise<void> {
    await this.loop.stop();
  }

  private async lead({ session, signal }: SessionWork): Promise<void> {
    const pollMs = this.options.pollMs ?? 1_000;
    while (!(await session.tryLock(`outbox-relay:${this.options.schema}`))) {
      await this.bell.wait(pollMs, signal);
      if (signal.aborted) return;
    }
    await session.listen(outboxChannel(this.options.schema), () => {
      this.bell.ring();
    });
    let measuredAt = Number.NEGATIVE_INFINITY;
    while (!signal.aborted) {
      if (performance.now() - measuredAt >= (this.options.measureEveryMs ?? 5_000)) {
        await this.measure(session);
        measuredAt = performance.now();
      }
      const moved = await this.moveBatch(session, signal);
      if (moved === 0) await this.bell.wait(pollMs, signal);
    }
  }

  /** @returns how many rows are no longer waiting */
  private async moveBatch(session: DirectSession, signal: AbortSignal): Promise<number> {
    const rows = await session.query<OutboxRow>(
      `SELECT seq, event_id, topic, key, payload::text AS payload, headers FROM ${this.table}
       WHERE refusal IS NULL ORDER BY seq LIMIT $1`,
      [this.options.batchSize ?? 500],
    );
    // A relay that lost its session is not the active one any more: another may be publishing these rows already.
    if (rows.length === 0 || signal.aborted) return 0;
    try {
      await this.options.transport.publish(rows.map(toRecord));
    } catch (error) {
      const culprit = error instanceof UnpublishableEventError ? rows[error.index] : undefined;
      if (culprit === undefined) throw error;
      return await this.refuse(session, culprit, String(error));
    }
    await session.query(`DELETE FROM ${this.table} WHERE seq = ANY ($1::bigint[])`, [rows.map((row) => row.seq)]);
    this.observer.published?.(rows.length);
    return rows.length;
  }

  /** Left in the outbox for somebody to look at; the events behind it go on. */
  private async refuse(session: DirectSession, row: OutboxRow, reason: string): Promise<number> {
    await session.query(`UPDATE ${this.table} SET refusal = $2 WHERE seq = $1`, [row.seq, reason]);
    this.observer.refused?.(row.event_id, row.topic, reason);
    return 1;
  }

  private async measure(session: DirectSession): Promise<void> {
    const [state] = await session.query<{ pending: string; oldest_age_ms: string; refused: string }>(
      `SELECT count(*) FILTER (WHERE refusal IS NULL) AS pending, count(refusal) AS refused,
              coalesce(extract(epoch FROM clock_timestamp() - min(created_at) FILTER (WHERE refusal IS NULL)) * 1000, 0)
                AS oldest_age_ms
       FROM ${this.table}`,
    );
    if (state === undefined) return;
    this.observer.measured?.({
      pending: Number(state.pending),
      oldestAgeMs: Number(state.oldest_age_ms),
      refused: Number(state.refused),
    });
  }
}

function toRecord(row: OutboxRow): EventRecord {
  return {
    topic: row.topic,
    key: row.key,
    value: row.payload,
    headers: { ...row.headers, [EVENT_ID_HEADER]: row.event_id },
  };
}
