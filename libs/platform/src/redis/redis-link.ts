import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { RedisScript } from './redis-script';
import { RedisUnavailableError } from './redis-unavailable.error';

export interface RedisLinkOptions {
  readonly url: string;
  /** Shown by CLIENT LIST. */
  readonly service: string;
  /** Told when Redis goes and when it is back. */
  readonly onChange: (up: boolean, reason: string) => void;
}

type Argument = string | number;
type Reject = (error: RedisUnavailableError) => void;

const CONNECT_MS = 500;
/** An answer that is not there by then makes Redis suspect … */
const OVERDUE_MS = 100;
/** … and a PING that is not answered within this makes it hung. */
const PROBE_MS = 100;
const LOOK_EVERY_MS = 250;
/** A connection that answers no probe for this long is made anew: its peer may be gone for good. */
const RECONNECT_AFTER_MS = 2_000;
const LONGEST_RETRY_MS = 1_000;
const KEEP_ALIVE_MS = 10_000;

/**
 * The one connection of a process to Redis. While Redis is away every call fails at once, so that nobody waits for it, and a probe
 * finds out when it is back. A single late answer is waited for: whoever counts elsewhere instead counts wrongly.
 */
export class RedisLink {
  private up = false;
  private closed = false;
  private suspected = false;
  private looking: NodeJS.Timeout | null = null;
  private lookedAt: number | null = null;
  private readonly waiting = new Set<Reject>();

  private constructor(
    private readonly client: Redis,
    private readonly options: RedisLinkOptions,
  ) {
    // Unheard, it would end the process; what failed is told to whoever asked.
    client.on('error', () => undefined);
    client.on('close', () => {
      this.lookedAt = null;
      this.goDown('the connection closed');
    });
  }

  /** Waits a moment for Redis, so that a service that finds it there uses it from its first request; never fails without it. */
  static async open(options: RedisLinkOptions): Promise<RedisLink> {
    const link = new RedisLink(await newClient(options), options);
    await link.client.connect().catch(() => undefined);
    await link.look();
    if (!link.up) {
      options.onChange(false, 'it does not answer');
      link.watch();
    }
    return link;
  }

  get isUp(): boolean {
    return this.up;
  }

  /** @throws RedisUnavailableError within 200 ms of Redis going away */
  call(command: string, ...args: readonly Argument[]): Promise<unknown> {
    if (!this.up) return Promise.reject(new RedisUnavailableError('Redis is away'));
    return new Promise((resolve, reject) => {
      const overdue = setTimeout(() => void this.suspect(reject), OVERDUE_MS);
      const settle = (): void => {
        clearTimeout(overdue);
        this.waiting.delete(reject);
      };
      this.waiting.add(reject);
      this.client.call(command, ...args).then(
        (answer) => {
          settle();
          resolve(answer);
        },
        (error: unknown) => {
          settle();
          if (!isAnswer(error)) this.goDown(messageOf(error));
          reject(new RedisUnavailableError(messageOf(error), { cause: error }));
        },
      );
    });
  }

  /** One step of Redis. @throws as `call` does */
  async run(script: RedisScript, keys: readonly string[], args: readonly Argument[]): Promise<unknown> {
    try {
      return await this.call('EVALSHA', script.sha, keys.length, ...keys, ...args);
    } catch (error) {
      if (!messageOf(error).startsWith('NOSCRIPT')) throw error;
      return this.call('EVAL', script.source, keys.length, ...keys, ...args);
    }
  }

  close(): void {
    this.goDown('the service stops');
    this.closed = true;
    this.stopWatching();
    this.client.disconnect();
  }

  /** A call has been waiting too long. */
  private async suspect(call: Reject): Promise<void> {
    if (this.suspected) return;
    this.suspected = true;
    try {
      // Timers come before what has arrived: a process that was busy finds the answer in the next turns.
      await nextTurn();
      await nextTurn();
      if (this.waiting.has(call) && this.up && !(await this.answersInTime())) this.goDown('it does not answer in time');
    } finally {
      this.suspected = false;
    }
  }

  private async answersInTime(): Promise<boolean> {
    let answered = false;
    const ping = this.client.call('PING').then(
      () => (answered = true),
      () => false,
    );
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, PROBE_MS);
    });
    await Promise.race([ping, late]);
    clearTimeout(timer);
    await nextTurn();
    await nextTurn();
    return answered;
  }

  private goDown(reason: string): void {
    if (!this.up || this.closed) return;
    this.up = false;
    const error = new RedisUnavailableError(reason);
    for (const reject of this.waiting) reject(error);
    this.waiting.clear();
    this.options.onChange(false, reason);
    this.watch();
  }

  private watch(): void {
    this.looking ??= setInterval(() => void this.look(), LOOK_EVERY_MS).unref();
  }

  private stopWatching(): void {
    if (this.looking !== null) clearInterval(this.looking);
    this.looking = null;
  }

  /** Asks past `up`: only this finds out that Redis is back. One question at a time, or a hung Redis would find a heap of them. */
  private async look(): Promise<void> {
    if (this.closed || this.up || this.client.status !== 'ready') return;
    if (this.lookedAt !== null) {
      if (performance.now() - this.lookedAt >= RECONNECT_AFTER_MS) this.client.disconnect(true);
      return;
    }
    const asked = performance.now();
    this.lookedAt = asked;
    try {
      await this.client.call('PING');
      this.lookedAt = null;
      if (performance.now() - asked <= OVERDUE_MS + PROBE_MS) this.comeBack();
    } catch {
      this.lookedAt = null;
    }
  }

  private comeBack(): void {
    if (this.closed || this.up) return;
    this.up = true;
    // Not watched yet: it was there when the service started.
    if (this.looking === null) return;
    this.stopWatching();
    this.options.onChange(true, 'it answers again');
  }
}

/** The driver is loaded here and not above: the embedded form runs without it. */
async function newClient({ url, service }: RedisLinkOptions): Promise<Redis> {
  const { Redis } = await import('ioredis');
  return new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    connectTimeout: CONNECT_MS,
    keepAlive: KEEP_ALIVE_MS,
    noDelay: true,
    connectionName: `gpubroker-${service}`,
    retryStrategy: (times) => Math.min(times * 50, LONGEST_RETRY_MS),
  });
}

/** Redis said no, which it can only do while it is there. */
const isAnswer = (error: unknown): boolean => error instanceof Error && error.name === 'ReplyError';

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
