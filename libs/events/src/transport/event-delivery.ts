import { setTimeout as sleep } from 'node:timers/promises';
import type { EventCatalog } from '@gpubroker/contracts/events';
import { toDeadLetter } from './dead-letter';
import { DeliveryStoppedError, failureKind, PermanentEventError } from './event-failures';
import type { EventObserver } from './event-observer';
import type { DeliveredEvent, EventRecord, StoredRecord } from './event-record';
import type { EventHandler } from './event-transport';
import { readEvent, type DeadLetterReason } from './read-event';
import { decideRetry, type RetryPolicy } from './retry-decision';

export interface EventDeliveryOptions {
  readonly group: string;
  readonly catalog: EventCatalog;
  readonly retry: RetryPolicy;
  readonly observer: EventObserver;
  /** Keeps a dead letter. */
  publish(records: readonly EventRecord[]): Promise<void>;
}

type Readable = { readonly record: StoredRecord; readonly event: Omit<DeliveredEvent, 'attempt'> };

/** From a record of the log to a handler that has returned: reading, retrying, and putting aside what cannot be handled. */
export class EventDelivery {
  constructor(private readonly options: EventDeliveryOptions) {}

  /**
   * Handles records of one topic in order. `done` is called after each that is finished with, be it handled or put
   * aside: only then may the group's position move past it.
   * @throws DeliveryStoppedError when `signal` aborts; the record at hand will come again
   */
  async deliver(
    records: readonly StoredRecord[],
    handler: EventHandler,
    signal: AbortSignal,
    done: (record: StoredRecord) => Promise<void> | void,
  ): Promise<void> {
    if (handler.kind === 'batch' && records.length > 1 && (await this.handledAtOnce(records, handler, signal))) {
      for (const record of records) await done(record);
      return;
    }
    for (const record of records) {
      if (signal.aborted) throw new DeliveryStoppedError('stopped');
      await this.deliverOne(record, handler, signal);
      await done(record);
    }
  }

  /** One try with all of them; false when something in them needs to be looked at one by one. */
  private async handledAtOnce(
    records: readonly StoredRecord[],
    handler: Extract<EventHandler, { kind: 'batch' }>,
    signal: AbortSignal,
  ): Promise<boolean> {
    const events: DeliveredEvent[] = [];
    for (const record of records) {
      const result = readEvent(this.options.catalog, record);
      if (result.kind === 'unreadable') return false;
      events.push({ ...result.event, attempt: 1 });
    }
    try {
      await this.withinTime(signal, (limit) => handler.handle(events, limit));
    } catch (error) {
      if (signal.aborted) throw new DeliveryStoppedError('stopped', { cause: error });
      this.options.observer.retried?.(this.options.group, records[0]?.topic ?? '', error);
      return false;
    }
    this.options.observer.handled?.(this.options.group, records[0]?.topic ?? '', records.length);
    return true;
  }

  private async deliverOne(record: StoredRecord, handler: EventHandler, signal: AbortSignal): Promise<void> {
    const result = readEvent(this.options.catalog, record);
    if (result.kind === 'unreadable') await this.putAside(record, result.reason, result.detail, 0, signal);
    else await this.handleWithRetries({ record, event: result.event }, handler, signal);
  }

  private async handleWithRetries(
    { record, event }: Readable,
    handler: EventHandler,
    signal: AbortSignal,
  ): Promise<void> {
    const { group, observer, retry } = this.options;
    const begun = performance.now();
    for (let attempt = 1; ; attempt += 1) {
      try {
        const delivered = { ...event, attempt };
        await this.withinTime(signal, (limit) =>
          handler.kind === 'batch' ? handler.handle([delivered], limit) : handler.handle(delivered, limit),
        );
        observer.handled?.(group, record.topic, 1);
        return;
      } catch (error) {
        if (signal.aborted) throw new DeliveryStoppedError('stopped', { cause: error });
        const decision = decideRetry(failureKind(error), attempt, performance.now() - begun, retry);
        if (decision.kind === 'dead_letter') {
          const reason = error instanceof PermanentEventError ? 'handler_refused' : 'handler_failed';
          await this.putAside(record, reason, describe(error), attempt, signal);
          return;
        }
        observer.retried?.(group, record.topic, error);
        await pause(decision.afterMs, signal);
      }
    }
  }

  /** A handler that never returns would hold up its partition for ever. It is told to stop, and no longer waited for. */
  private async withinTime(signal: AbortSignal, work: (limit: AbortSignal) => Promise<void>): Promise<void> {
    // By hand: AbortSignal.timeout and .any would leave a timer and a listener behind for every event.
    const limit = new AbortController();
    const stop = (): void => {
      limit.abort();
    };
    signal.addEventListener('abort', stop, { once: true });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(new Error(`the handler took longer than ${this.options.retry.handlerTimeoutMs} ms`));
        limit.abort();
      }, this.options.retry.handlerTimeoutMs);
    });
    try {
      await Promise.race([work(limit.signal), late]);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    }
  }

  /** Tried until it is kept: moving on without it would lose the event. */
  private async putAside(
    record: StoredRecord,
    reason: DeadLetterReason,
    detail: string,
    attempts: number,
    signal: AbortSignal,
  ): Promise<void> {
    const { group, observer, retry } = this.options;
    const letter = toDeadLetter(record, { group, reason, detail, attempts, at: new Date() });
    for (let attempt = 1; ; attempt += 1) {
      try {
        await this.options.publish([letter]);
        observer.deadLettered?.(group, record.topic, reason, detail);
        return;
      } catch (error) {
        observer.connectionFailed?.(`keep a dead letter of ${record.topic}`, error);
        const decision = decideRetry('unavailable', attempt, 0, retry);
        await pause(decision.kind === 'retry' ? decision.afterMs : 0, signal);
      }
    }
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    throw new DeliveryStoppedError('stopped', { cause: error });
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : JSON.stringify(error);
}
