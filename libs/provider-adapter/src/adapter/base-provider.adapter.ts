import { isUpstreamError, UpstreamMalformedError, type UpstreamHttp } from '../upstream';
import {
  BookingNotSupportedError,
  InvalidBookingError,
  type BookingOptions,
  type BookingResult,
  type TerminateOptions,
} from './booking';
import type { ProviderFacts } from './provider-facts';
import type { OfferBatch, ProviderOffer } from './provider-offer';
import type { Credentials, PullRequest } from './pull-request';

export interface AdapterDependencies {
  readonly upstream: UpstreamHttp;
  /** In place of the cloud's own: the emulator, a test server. */
  readonly baseUrl?: string;
}

/** What tells the shape of an answer: a zod schema does. */
export interface AnswerSchema<Answer> {
  safeParse(json: unknown): { success: true; data: Answer } | { success: false };
}

/**
 * One GPU cloud. An adapter asks, and turns rows into offers; time-outs, retries, the circuit and the size cap are
 * UpstreamHttp's, so that every cloud is treated alike.
 */
export abstract class BaseProviderAdapter {
  abstract readonly facts: ProviderFacts;
  protected readonly upstream: UpstreamHttp;
  private readonly configuredBaseUrl: string | undefined;

  constructor({ upstream, baseUrl }: AdapterDependencies) {
    this.upstream = upstream;
    this.configuredBaseUrl = baseUrl;
  }

  get baseUrl(): string {
    return (this.configuredBaseUrl ?? this.facts.defaultBaseUrl).replace(/\/+$/, '');
  }

  /**
   * Everything on offer now, and each row that became no offer with its reason. The same answers give the same batch.
   * @throws UpstreamError when the cloud could not be asked, or not be asked completely: a part is never returned as all
   */
  abstract pull(request: PullRequest): Promise<OfferBatch>;

  /**
   * Do these credentials work? false: the cloud said no.
   * @throws UpstreamError when the cloud could not say
   */
  abstract validateCredentials(credentials: Credentials, options?: { signal?: AbortSignal }): Promise<boolean>;

  /** The offers of pull(), for callers that have no use for the rejected rows. authToken fills the first credential. */
  async getOffers(authToken: string | null, options: { signal?: AbortSignal } = {}): Promise<readonly ProviderOffer[]> {
    const batch = await this.pull({ credentials: this.credentialsFrom(authToken), signal: options.signal });
    return batch.offers;
  }

  /**
   * Rents the offer. The machine bills from here on.
   * @param offerId externalId of an offer of this adapter
   * @throws BookingNotSupportedError, InvalidBookingError (nothing was sent), UpstreamError (reason `capacity`: taken by
   * somebody else; after any other reason the machine may exist, look for it by its label)
   */
  bookInstance(_offerId: string, _durationHours: number, _options: BookingOptions): Promise<BookingResult> {
    return Promise.reject(new BookingNotSupportedError(this.facts.slug));
  }

  /** Ends the machine. A machine that is gone already is a success. */
  terminate(_instanceId: string, _options: TerminateOptions): Promise<void> {
    return Promise.reject(new BookingNotSupportedError(this.facts.slug));
  }

  /** Does the public endpoint answer? Never throws: whatever goes wrong means no. */
  async probe(signal?: AbortSignal): Promise<boolean> {
    const { method, path, body } = this.facts.probe;
    try {
      await this.upstream.request({ method, url: this.url(path), body, signal, attempts: 1, bypassCircuit: true });
      return true;
    } catch (error) {
      // A refusal of the caller (no key, too many calls) is still an answer from a living endpoint.
      return isUpstreamError(error) && (error.reason === 'unauthorized' || error.reason === 'rate_limited');
    }
  }

  protected url(path: string): string {
    return `${this.baseUrl}${path}`;
  }

  protected assertDuration(durationHours: number): void {
    if (!Number.isFinite(durationHours) || durationHours <= 0) {
      throw new InvalidBookingError('durationHours must be above 0');
    }
  }

  /**
   * The answer, when it has the shape.
   * @param complaint what to say when it has another
   * @throws UpstreamMalformedError
   */
  protected parse<Answer>(schema: AnswerSchema<Answer>, json: unknown, complaint: string): Answer {
    const read = schema.safeParse(json);
    if (!read.success) throw new UpstreamMalformedError(this.facts.slug, complaint);
    return read.data;
  }

  protected booked(offerId: string, instanceId: string, durationHours: number): BookingResult {
    return { provider: this.facts.slug, offerId, instanceId, durationHours, status: 'provisioning' };
  }

  private credentialsFrom(authToken: string | null): Credentials | null {
    const field = this.facts.credentialFields[0];
    return authToken === null || field === undefined ? null : { [field]: authToken };
  }
}
