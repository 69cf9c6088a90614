import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { openEventLog, type EventLog } from '@gpubroker/platform/events';
import { idOf, priceRecord } from './price-record';

const EVERY_MS = 25;

/** Writes a price change to the log every now and then until it is stopped. */
export class PriceStream {
  /** Event ids, in order. */
  readonly written: string[] = [];
  private readonly stopping = new AbortController();
  private readonly done: Promise<void>;

  private constructor(private readonly log: EventLog) {
    this.done = this.run();
  }

  static start(databaseUrl: string): PriceStream {
    return new PriceStream(
      openEventLog('stream', { kafkaBrokers: [], databaseUrl, databaseDirectUrl: databaseUrl }, {}),
    );
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.done;
    await this.log.close();
  }

  private async run(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      const record = priceRecord(randomUUID(), this.written.length + 1);
      await this.log.transport.publish([record]);
      this.written.push(idOf(record));
      await sleep(EVERY_MS);
    }
  }
}
