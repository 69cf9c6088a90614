import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '@gpubroker/persistence/database';
import { ApiError } from '@gpubroker/platform/errors';
import type { EntityManager } from 'typeorm';
import { normalEmail } from '../accounts/account';
import { FAILURE_WINDOW_SECONDS, failureDelay } from './failure-delay';

interface Recent {
  readonly failures: number;
  /** Seconds since the last one; null when there is none. */
  readonly since: number | null;
}

/** What failures are counted by. */
export type FailureSubject = Buffer;

/** An address, whether it exists or not. Hashed, because people type their password where the address belongs. */
export const addressSubject = (email: string): FailureSubject => sha256(normalEmail(email));

/** A user's second factor. Hashed twice: no text that is typed as an address may count against somebody's codes. */
export const secondFactorSubject = (userId: string): FailureSubject => sha256(sha256(userId));

/** Failed sign-ins, by which the next tries are slowed. */
@Injectable()
export class FailureLog {
  constructor(private readonly database: Database) {}

  /** @throws ApiError RATE_LIMITED while the delay of earlier failures lasts; nothing is computed then */
  async assertMayTry(subject: FailureSubject, manager?: EntityManager): Promise<void> {
    const { failures, since } = await this.within(manager, (within) => this.recent(subject, within));
    const left = failureDelay(failures) - (since ?? Number.POSITIVE_INFINITY);
    if (left > 0)
      throw new ApiError('RATE_LIMITED', 'Too many failed sign-ins, wait', {
        retryAfterSeconds: Math.ceil(left),
      });
  }

  async record(subject: FailureSubject, manager?: EntityManager): Promise<void> {
    await this.within(manager, (within) =>
      within.query('INSERT INTO auth.sign_in_failures (address_hash) VALUES ($1)', [subject]),
    );
  }

  async forget(subject: FailureSubject, manager?: EntityManager): Promise<void> {
    await this.within(manager, (within) =>
      within.query('DELETE FROM auth.sign_in_failures WHERE address_hash = $1', [subject]),
    );
  }

  private async recent(subject: FailureSubject, manager: EntityManager): Promise<Recent> {
    const [row]: Recent[] = await manager.query(
      `SELECT count(*)::int AS failures, extract(epoch FROM clock_timestamp() - max(failed_at))::float8 AS since
       FROM auth.sign_in_failures
       WHERE address_hash = $1 AND failed_at > clock_timestamp() - make_interval(secs => $2)`,
      [subject, FAILURE_WINDOW_SECONDS],
    );
    return row ?? { failures: 0, since: null };
  }

  private within<T>(manager: EntityManager | undefined, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return manager ? work(manager) : this.database.inTransaction(work);
  }
}

const sha256 = (text: string | Buffer): Buffer => createHash('sha256').update(text).digest();
