import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database } from '@gpubroker/persistence/database';
import { ApiError } from '@gpubroker/platform/errors';
import { normalEmail } from '../accounts/account';
import { FAILURE_WINDOW_SECONDS, failureDelay } from './failure-delay';

interface Recent {
  readonly failures: number;
  /** Seconds since the last one; null when there is none. */
  readonly since: number | null;
}

/** Failed sign-ins by address, whether the address exists or not: the table knows only what was typed, hashed. */
@Injectable()
export class FailureLog {
  constructor(private readonly database: Database) {}

  /** @throws ApiError RATE_LIMITED while the delay of earlier failures lasts; nothing is computed then */
  async assertMayTry(email: string): Promise<void> {
    const { failures, since } = await this.recent(email);
    const left = failureDelay(failures) - (since ?? Number.POSITIVE_INFINITY);
    if (left > 0)
      throw new ApiError('RATE_LIMITED', 'Too many failed sign-ins for this address', {
        retryAfterSeconds: Math.ceil(left),
      });
  }

  async record(email: string): Promise<void> {
    await this.database.inTransaction((manager) =>
      manager.query('INSERT INTO auth.sign_in_failures (address_hash) VALUES ($1)', [keyOf(email)]),
    );
  }

  async forget(email: string): Promise<void> {
    await this.database.inTransaction((manager) =>
      manager.query('DELETE FROM auth.sign_in_failures WHERE address_hash = $1', [keyOf(email)]),
    );
  }

  private async recent(email: string): Promise<Recent> {
    const [row] = await this.database.inTransaction<Recent[]>((manager) =>
      manager.query(
        `SELECT count(*)::int AS failures, extract(epoch FROM clock_timestamp() - max(failed_at))::float8 AS since
         FROM auth.sign_in_failures
         WHERE address_hash = $1 AND failed_at > clock_timestamp() - make_interval(secs => $2)`,
        [keyOf(email), FAILURE_WINDOW_SECONDS],
      ),
    );
    return row ?? { failures: 0, since: null };
  }
}

/** Hashed, because people type their password where the address belongs. */
const keyOf = (email: string): Buffer => createHash('sha256').update(normalEmail(email)).digest();
