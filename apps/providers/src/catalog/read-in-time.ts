import { isTimeoutError, withTimeout } from '@gpubroker/circuit-breaker';
import { ApiError } from '@gpubroker/platform/errors';

/** Inside the two seconds that a buyer may wait while the database is away. */
const READ_MS = 1_500;

export const databaseUnavailable = (cause?: unknown): ApiError =>
  new ApiError('DB_UNAVAILABLE', 'Database not available', { retryAfterSeconds: 2, cause });

/**
 * A pool's own limits are made for writers; whoever only reads for a caller gives up sooner.
 * @throws ApiError DB_UNAVAILABLE when there is no answer in time
 */
export async function readInTime<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await withTimeout(read, READ_MS);
  } catch (error) {
    throw isTimeoutError(error) ? databaseUnavailable(error) : error;
  }
}
