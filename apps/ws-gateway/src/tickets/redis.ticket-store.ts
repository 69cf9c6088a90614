import { accessClaimsSchema } from '@gpubroker/contracts/auth';
import { TICKET_SECONDS } from '@gpubroker/contracts/sockets';
import type { RedisLink } from '@gpubroker/platform/redis';
import { z } from 'zod';
import { MemoryTicketStore } from './memory.ticket-store';
import type { TicketHolder, TicketStore } from './ticket.store';

const holderSchema = z.object({ claims: accessClaimsSchema, wsLimit: z.int().nonnegative() });

/** For all replicas. While Redis is away a ticket works at the replica that gave it. */
export class RedisTicketStore implements TicketStore {
  private readonly own = new MemoryTicketStore();

  constructor(
    private readonly redis: RedisLink,
    private readonly space = 'gpubroker:ticket:',
  ) {}

  async put(hash: string, holder: TicketHolder): Promise<void> {
    try {
      await this.redis.call('SET', this.space + hash, JSON.stringify(holder), 'EX', TICKET_SECONDS);
    } catch {
      await this.own.put(hash, holder);
    }
  }

  async take(hash: string): Promise<TicketHolder | null> {
    // Both are asked: a Redis that did not answer in time may hold the ticket after all.
    const [own, shared] = await Promise.all([this.own.take(hash), this.takeShared(hash)]);
    return own ?? shared;
  }

  private async takeShared(hash: string): Promise<TicketHolder | null> {
    try {
      const text = await this.redis.call('GETDEL', this.space + hash);
      return typeof text === 'string' ? holderSchema.parse(JSON.parse(text)) : null;
    } catch {
      return null;
    }
  }
}
