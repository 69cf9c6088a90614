import { Inject, Injectable } from '@nestjs/common';
import { ApiError } from '@gpubroker/platform/errors';
import { addressKey } from '@gpubroker/platform/http';
import { RATE_LIMITER, type RateLimiter } from '@gpubroker/platform/limits';
import { AuthConfig } from '../auth.config';

const WINDOW_MS = 60_000;

/** Registrations of one address in any minute (SPEC S4): of all replicas together where they share a Redis. */
@Injectable()
export class RegistrationLimiter {
  constructor(
    private readonly config: AuthConfig,
    @Inject(RATE_LIMITER) private readonly limiter: RateLimiter,
  ) {}

  /** @throws ApiError RATE_LIMITED */
  async take(address: string): Promise<void> {
    const key = `auth.register:${addressKey(address)}`;
    const { allowed, retryAfterMs } = await this.limiter.take(key, this.config.registrationsPerMinute, WINDOW_MS);
    if (!allowed)
      throw new ApiError('RATE_LIMITED', 'Too many registrations from this address', {
        retryAfterSeconds: Math.ceil(retryAfterMs / 1000),
      });
  }
}
