import type { CircuitBreaker } from '@gpubroker/circuit-breaker';
import { ApiError } from '../errors/api-error';

/** What a secret belongs to, from the general to the particular: `['integration', tenantId, provider]`. */
export type SecretContext = readonly [string, ...string[]];

/** Keeps secrets as texts that only the same context opens again: copied into another tenant's row, one opens nothing. */
export interface SecretBox {
  /**
   * @returns a text for a column; the same plaintext gives another text each time
   * @throws ApiError SERVICE_UNAVAILABLE when the box cannot be asked
   */
  seal(context: SecretContext, plaintext: string): Promise<string>;
  /**
   * @throws SecretUnreadableError when no key of the box opens it in this context; ApiError SERVICE_UNAVAILABLE when the box
   * cannot be asked
   */
  open(context: SecretContext, sealed: string): Promise<string>;
  /** Round what the box calls; null when it calls nothing. */
  readonly breaker: CircuitBreaker | null;
  close(): Promise<void>;
}

/** Sealed for another context, altered, or under a key that the box no longer has. Trying again will not help. */
export class SecretUnreadableError extends Error {
  override readonly name = 'SecretUnreadableError';
  readonly isSecretUnreadable = true;

  constructor() {
    super('a stored secret cannot be opened');
  }
}

/** Checks the brand, not the class: two copies of this package in one process must recognise each other's errors. */
export const isSecretUnreadable = (error: unknown): error is SecretUnreadableError =>
  error instanceof Error && 'isSecretUnreadable' in error;

/** The caller may try again soon; the cause is for the log and holds no secret. */
export const secretsUnavailable = (cause: unknown, retryAfterSeconds = 5) =>
  new ApiError('SERVICE_UNAVAILABLE', 'Stored secrets cannot be reached now', { cause, retryAfterSeconds });

/** One text per context, whatever its parts hold: joined by a separator, ['a', 'b:c'] and ['a:b', 'c'] would be the same. */
export const contextText = (context: SecretContext): string => JSON.stringify(context);
