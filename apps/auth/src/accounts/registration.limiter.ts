import { Injectable } from '@nestjs/common';
import { ApiError } from '@gpubroker/platform/errors';
import { AuthConfig } from '../auth.config';

const WINDOW_MS = 60_000;

/** Registrations of one address in any minute, per process (SPEC S4). */
@Injectable()
export class RegistrationLimiter {
  private readonly times = new Map<string, number[]>();
  private sweptAt = 0;

  constructor(
    private readonly config: AuthConfig,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** @throws ApiError RATE_LIMITED */
  take(address: string): void {
    const now = this.now();
    this.sweep(now);
    const recent = (this.times.get(address) ?? []).filter((time) => now - time < WINDOW_MS);
    const [oldest] = recent;
    if (oldest !== undefined && recent.length >= this.config.registrationsPerMinute)
      throw new ApiError('RATE_LIMITED', 'Too many registrations from this address', {
        retryAfterSeconds: Math.ceil((oldest + WINDOW_MS - now) / 1000),
      });
    this.times.set(address, [...recent, now]);
  }

  /** Addresses that never come back would else be kept for ever. */
  private sweep(now: number): void {
    if (now - this.sweptAt < WINDOW_MS) return;
    this.sweptAt = now;
    for (const [address, times] of this.times)
      if (times.every((time) => now - time >= WINDOW_MS)) this.times.delete(address);
  }
}
