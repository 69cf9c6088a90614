import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { RedisLink } from './redis-link';
import { REDIS } from './redis.token';

/** Closes the connection when nobody needs it any more. */
@Injectable()
export class RedisOwner implements OnApplicationShutdown {
  constructor(@Inject(REDIS) private readonly redis: RedisLink | null) {}

  onApplicationShutdown(): void {
    this.redis?.close();
  }
}
