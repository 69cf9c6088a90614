import { randomUUID } from 'node:crypto';
import type { OnApplicationShutdown } from '@nestjs/common';
import { redisScript, type RedisLink } from '@gpubroker/platform/redis';
import { LocalSeats } from './local.seats';
import type { Seat, SocketSeats } from './socket-seats';

/** A replica that dies takes its sockets with it: their seats are free this long after its last word. */
const LEASE_MS = 30_000;
/** A renewal may fail twice before a seat is lost. */
const RENEWALS_A_LEASE = 3;

const NOW = `local clock = redis.call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)
local till = string.format('%.0f', now + tonumber(ARGV[1]))
`;
const TAKE = redisScript(`${NOW}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now))
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[1], till, ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1`);
const RENEW = redisScript(`${NOW}
for at = 2, #ARGV do redis.call('ZADD', KEYS[1], till, ARGV[at]) end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1`);

export interface RedisSeatsOptions {
  readonly redis: RedisLink;
  /** Processes that share the limits. */
  readonly replicas: number;
  readonly space?: string;
  readonly leaseMs?: number;
}

/** For all replicas, by leases in Redis. While Redis is away each replica gives out its part of the seats. */
export class RedisSeats implements SocketSeats, OnApplicationShutdown {
  private readonly replica = randomUUID();
  private readonly local = new LocalSeats((holder, id) => void this.giveBack(holder, id));
  private readonly timer: NodeJS.Timeout;
  private readonly space: string;
  private readonly leaseMs: number;

  constructor(private readonly options: RedisSeatsOptions) {
    this.space = options.space ?? 'gpubroker:seats:';
    this.leaseMs = options.leaseMs ?? LEASE_MS;
    this.timer = setInterval(() => void this.renew(), this.leaseMs / RENEWALS_A_LEASE).unref();
  }

  async take(holder: string, limit: number): Promise<Seat | null> {
    const id = this.local.newId();
    if (!(await this.isGranted(holder, limit, id))) return null;
    return this.local.occupy(holder, id);
  }

  /** Says that the sockets of this replica are still there; all that Redis forgot is known to it again. */
  async renew(): Promise<void> {
    for (const [holder, ids] of this.local.all()) {
      const names = [...ids].map((id) => this.nameOf(id));
      await this.options.redis.run(RENEW, [this.space + holder], [this.leaseMs, ...names]).catch(() => undefined);
    }
  }

  onApplicationShutdown(): void {
    clearInterval(this.timer);
  }

  private async isGranted(holder: string, limit: number, id: string): Promise<boolean> {
    const { redis, replicas } = this.options;
    try {
      return (await redis.run(TAKE, [this.space + holder], [this.leaseMs, limit, this.nameOf(id)])) === 1;
    } catch {
      return this.local.countOf(holder) < (limit === 0 ? 0 : Math.max(1, Math.floor(limit / replicas)));
    }
  }

  private async giveBack(holder: string, id: string): Promise<void> {
    // Unheard, it runs out by itself.
    await this.options.redis.call('ZREM', this.space + holder, this.nameOf(id)).catch(() => undefined);
  }

  private nameOf(id: string): string {
    return `${this.replica}:${id}`;
  }
}
