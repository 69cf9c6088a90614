import type { RedisLink } from '../redis/redis-link';
import type { Cache } from './cache';

const SCAN_COUNT = 500;

/**
 * The distributed filling. While Redis is away nothing is found and nothing is kept; what should have been dropped meanwhile is
 * dropped before anything of it is believed again.
 */
export class RedisCache implements Cache {
  private readonly undropped = new Set<string>();
  private readonly dropping = new Map<string, Promise<void>>();

  constructor(
    private readonly redis: RedisLink,
    private readonly space = 'gpubroker:cache:',
  ) {}

  async get(key: string): Promise<string | null> {
    try {
      if (!(await this.isBelievable(key))) return null;
      const value = await this.redis.call('GET', this.space + key);
      return typeof value === 'string' ? value : null;
    } catch {
      return null;
    }
  }

  async set(key: string, value: string, ttlSeconds: number): Promise<void> {
    const name = this.space + key;
    try {
      if (ttlSeconds > 0) await this.redis.call('SET', name, value, 'PX', Math.ceil(ttlSeconds * 1000));
      else await this.redis.call('UNLINK', name);
    } catch {
      // The old value must not outlive the new one that could not be kept.
      this.undropped.add(key);
    }
  }

  /** Never rejects. Drops of one prefix that come while one runs are one more: a fast market drops hundreds of times a second. */
  async drop(prefix: string): Promise<void> {
    this.undropped.add(prefix);
    const running = this.dropping.get(prefix);
    if (running === undefined) return this.startDrop(prefix);
    await running;
    if (this.undropped.has(prefix)) await (this.dropping.get(prefix) ?? this.startDrop(prefix));
  }

  isUp(): boolean {
    return this.redis.isUp;
  }

  /** Makes up for the drops that Redis did not hear, as far as they concern this key. */
  private async isBelievable(key: string): Promise<boolean> {
    const concerned = [...this.undropped].filter((prefix) => key.startsWith(prefix));
    for (const prefix of concerned) await this.dropNow(prefix);
    return concerned.length === 0;
  }

  private startDrop(prefix: string): Promise<void> {
    const drop = this.dropNow(prefix)
      // Kept in `undropped` until Redis is back.
      .catch(() => undefined)
      .finally(() => this.dropping.delete(prefix));
    this.dropping.set(prefix, drop);
    return drop;
  }

  private async dropNow(prefix: string): Promise<void> {
    // Before the first look: what is asked to be dropped from here on may have been written behind it.
    this.undropped.delete(prefix);
    try {
      await this.unlinkAll(prefix);
    } catch (error) {
      this.undropped.add(prefix);
      throw error;
    }
  }

  private async unlinkAll(prefix: string): Promise<void> {
    let cursor = '0';
    do {
      const found = await this.redis.call('SCAN', cursor, 'MATCH', literal(this.space + prefix), 'COUNT', SCAN_COUNT);
      const [next, names] = found as [string, string[]];
      if (names.length > 0) await this.redis.call('UNLINK', ...names);
      cursor = next;
    } while (cursor !== '0');
  }
}

/** A pattern that matches what begins with exactly this text. */
const literal = (text: string): string => `${text.replace(/[*?[\]\\^-]/g, '\\$&')}*`;
