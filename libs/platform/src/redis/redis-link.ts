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

/** A hung Redis costs a request this much, and only until it has been noticed. */
const COMMAND_MS = 80;
const CONNECT_MS = 500;
const PROBE_EVERY_MS = 250;
/** A connection that answers no probe for this long is made anew: its peer may be gone for good. */
const RECONNECT_AFTER_MS = 2_000;
const LONGEST_RETRY_MS = 1_000;
const KEEP_ALIVE_MS = 10_000;

/**
 * The one connection of a process to Redis. It never queues: while Redis is away every call fails at once, so that nobody waits
 * for it, and a probe finds out when it is back.
 */
export class RedisLink {
  private up = false;
  private closed = false;
  /** When the first call failed that no answer has come after. */
  private suspectSince: number | null = null;
  private probe: NodeJS.Timeout | null = null;
  private connectedAnewAt = 0;

  private constructor(
    private readonly client: Redis,
    private readonly options: RedisLinkOptions,
  ) {
    // Unheard, it would end the process; what failed is told to whoever asked.
    client.on('error', () => undefined);
    client.on('close', () => {
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

  /** @throws RedisUnavailableError within 80 ms */
  async call(command: string, ...args: readonly Argument[]): Promise<unknown> {
    if (!this.up) throw new RedisUnavailableError('Redis is away');
    const sentAt = performance.now();
    try {
      const answer = await this.client.call(command, ...args);
      this.suspectSince = null;
      return answer;
    } catch (error) {
      throw this.note(error, sentAt);
    }
  }

  /** @throws RedisUnavailableError within twice 80 ms */
  async run(script: RedisScript, keys: readonly string[], args: readonly Argument[]): Promise<unknown> {
    try {
      return await this.call('EVALSHA', script.sha, keys.length, ...keys, ...args);
    } catch (error) {
      if (!isScriptUnknown(error)) throw error;
      return this.call('EVAL', script.source, keys.length, ...keys, ...args);
    }
  }

  close(): void {
    this.closed = true;
    this.up = false;
    if (this.probe !== null) clearInterval(this.probe);
    this.client.disconnect();
  }

  /**
   * Late answers alone may be this process being busy, and all that it sent meanwhile is late together: Redis is away when what
   * was sent after the first failure fails as well.
   */
  private note(error: unknown, sentAt: number): RedisUnavailableError {
    const message = error instanceof Error ? error.message : String(error);
    if (!message.startsWith('NOSCRIPT')) {
      const confirmed = this.suspectSince !== null && sentAt >= this.suspectSince;
      this.suspectSince ??= performance.now();
      if (confirmed || this.client.status !== 'ready') this.goDown(message);
    }
    return new RedisUnavailableError(message, { cause: error });
  }

  private goDown(reason: string): void {
    if (!this.up || this.closed) return;
    this.up = false;
    this.connectedAnewAt = performance.now();
    this.options.onChange(false, reason);
    this.watch();
  }

  private watch(): void {
    this.probe ??= setInterval(() => void this.look(), PROBE_EVERY_MS).unref();
  }

  /** Asks past `up`: only this finds out that Redis is back. */
  private async look(): Promise<void> {
    if (this.closed || this.up || this.client.status !== 'ready') return;
    try {
      await this.client.call('PING');
      this.comeBack();
    } catch {
      if (performance.now() - this.connectedAnewAt < RECONNECT_AFTER_MS) return;
      this.connectedAnewAt = performance.now();
      this.client.disconnect(true);
    }
  }

  private comeBack(): void {
    // Closed while the probe was on its way.
    if (this.closed || this.up) return;
    this.up = true;
    this.suspectSince = null;
    if (this.probe !== null) {
      clearInterval(this.probe);
      this.probe = null;
      this.options.onChange(true, 'it answers again');
    }
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
    commandTimeout: COMMAND_MS,
    keepAlive: KEEP_ALIVE_MS,
    noDelay: true,
    connectionName: `gpubroker-${service}`,
    retryStrategy: (times) => Math.min(times * 50, LONGEST_RETRY_MS),
  });
}

const isScriptUnknown = (error: unknown): boolean => error instanceof Error && error.message.startsWith('NOSCRIPT');
