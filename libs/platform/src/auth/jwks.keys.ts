import { ApiError } from '../errors/api-error';
import { keysOfJwks, type VerificationKey, type VerificationKeys } from './verification-keys';

export interface JwksTimes {
  /** Between two questions that unknown kids cause. */
  readonly askAgainAfterMs: number;
  /** After a question that failed. */
  readonly retryAfterMs: number;
  /** Known keys are looked up again this often, so that a withdrawn one goes. */
  readonly refreshAfterMs: number;
  readonly timeoutMs: number;
}

const TIMES: JwksTimes = { askAgainAfterMs: 30_000, retryAfterMs: 1_000, refreshAfterMs: 300_000, timeoutMs: 2_000 };
const MAX_BYTES = 65_536;

/**
 * The keys that auth publishes, kept. A storm of unknown kids asks once in 30 s; an issuer that is away takes no key with it:
 * what is known goes on verifying.
 */
export class JwksKeys implements VerificationKeys {
  private keys = new Map<string, VerificationKey>();
  private readAt: number | null = null;
  private nextAskAt = 0;
  private asking: Promise<void> | null = null;

  constructor(
    private readonly url: string,
    private readonly times: JwksTimes = TIMES,
    private readonly now: () => number = () => performance.now(),
  ) {}

  async find(kid: string): Promise<VerificationKey | null> {
    const known = this.keys.get(kid);
    if (known) {
      if (this.isOld()) void this.ask();
      return known;
    }
    await this.ask();
    if (this.readAt === null) throw new ApiError('SERVICE_UNAVAILABLE', 'Tokens cannot be verified yet');
    return this.keys.get(kid) ?? null;
  }

  private isOld(): boolean {
    return this.readAt === null || this.now() - this.readAt >= this.times.refreshAfterMs;
  }

  /** Never rejects; callers share one question. */
  private ask(): Promise<void> {
    if (this.asking) return this.asking;
    if (this.now() < this.nextAskAt) return Promise.resolve();
    this.asking = this.read().finally(() => (this.asking = null));
    return this.asking;
  }

  private async read(): Promise<void> {
    try {
      this.keys = keysOfJwks(await this.download());
      this.readAt = this.now();
      this.nextAskAt = this.now() + this.times.askAgainAfterMs;
    } catch {
      this.nextAskAt = this.now() + this.times.retryAfterMs;
    }
  }

  private async download(): Promise<unknown> {
    const response = await fetch(this.url, { redirect: 'error', signal: AbortSignal.timeout(this.times.timeoutMs) });
    const text = await response.text();
    if (!response.ok || text.length > MAX_BYTES) throw new Error(`no JWKS: status ${response.status}`);
    return JSON.parse(text);
  }
}
