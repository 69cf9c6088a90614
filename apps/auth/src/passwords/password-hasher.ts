import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Injectable } from '@nestjs/common';
import { ApiError } from '@gpubroker/platform/errors';
import { hash, verify } from 'argon2';
import { HASH_COST } from './stored-hash';
import { Turnstile } from './turnstile';

/** Longest wait for a turn: a login that waits longer is better asked again than kept. */
const LONGEST_WAIT_MS = 2_000;

/** One core is left to everything else: with all of them hashing, every other answer of the machine comes late. */
const AT_ONCE = Math.max(1, availableParallelism() - 1);

/**
 * Argon2id, on a bounded number of threads: two hundred logins in parallel would else take 9 GB of memory and every thread that
 * files and DNS wait for.
 */
@Injectable()
export class PasswordHasher {
  private readonly turnstile = new Turnstile(AT_ONCE, LONGEST_WAIT_MS);
  private dummy: Promise<string> | null = null;

  hash(password: string): Promise<string> {
    return this.inTurn(() => hash(password, HASH_COST));
  }

  /**
   * Holds one place while the work runs; `verify` and `rehash` belong inside.
   * @throws ApiError SERVICE_UNAVAILABLE when none is free within 2 s
   */
  async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (!(await this.turnstile.enter()))
      throw new ApiError('SERVICE_UNAVAILABLE', 'Too many sign-ins at this moment', { retryAfterSeconds: 2 });
    try {
      return await work();
    } finally {
      this.turnstile.leave();
    }
  }

  /** Without a hash a dummy of equal cost is checked, so that an unknown address takes as long as a known one. */
  async verify(stored: string | null, password: string): Promise<boolean> {
    const against = stored ?? (await (this.dummy ??= hash(randomBytes(32), HASH_COST)));
    const right = await verify(against, password).catch(() => false);
    return right && stored !== null;
  }

  rehash(password: string): Promise<string> {
    return hash(password, HASH_COST);
  }

  /** The dummy must exist before the first unknown address, which would else take twice as long. */
  async warmUp(): Promise<void> {
    await this.verify(null, '');
  }
}
