import { BulkheadFullError } from './bulkhead-full.error';

/**
 * At most `limit` calls in flight; the rest are refused. There is no queue: one in front of a hanging peer would only
 * grow.
 */
export class Bulkhead {
  readonly name: string;
  readonly limit: number;
  private running = 0;

  constructor(options: { readonly name: string; readonly limit: number }) {
    if (!Number.isSafeInteger(options.limit) || options.limit < 1) {
      throw new RangeError(`limit must be a whole number from 1, got ${options.limit}`);
    }
    this.name = options.name;
    this.limit = options.limit;
  }

  get inFlight(): number {
    return this.running;
  }

  /** @throws BulkheadFullError when all places are taken, or whatever the call threw */
  async execute<T>(call: () => Promise<T>): Promise<T> {
    if (this.running >= this.limit) throw new BulkheadFullError(this.name, this.limit);
    this.running += 1;
    try {
      return await call();
    } finally {
      this.running -= 1;
    }
  }
}
