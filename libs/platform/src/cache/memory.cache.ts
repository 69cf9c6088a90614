import { LRUCache } from 'lru-cache';
import type { Cache } from './cache';

const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

/** The embedded filling: bounded by bytes, so that many different queries cannot grow the process. */
export class MemoryCache implements Cache {
  private readonly entries: LRUCache<string, string>;

  constructor(maxBytes = DEFAULT_MAX_BYTES) {
    this.entries = new LRUCache({
      maxSize: maxBytes,
      sizeCalculation: (value, key) => (value.length + key.length) * 2 + 1,
    });
  }

  get(key: string): Promise<string | null> {
    return Promise.resolve(this.entries.get(key) ?? null);
  }

  set(key: string, value: string, ttlSeconds: number): Promise<void> {
    // lru-cache reads a time of 0 as "for ever".
    if (ttlSeconds > 0) this.entries.set(key, value, { ttl: Math.ceil(ttlSeconds * 1000) });
    else this.entries.delete(key);
    return Promise.resolve();
  }

  drop(prefix: string): Promise<void> {
    for (const key of [...this.entries.keys()]) if (key.startsWith(prefix)) this.entries.delete(key);
    return Promise.resolve();
  }

  isUp(): boolean {
    return true;
  }
}
