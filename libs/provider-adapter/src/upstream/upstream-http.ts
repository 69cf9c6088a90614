import { setTimeout as sleep } from 'node:timers/promises';
import { CircuitBreaker, isCircuitOpenError, isTimeoutError, retry, withTimeout } from '@gpubroker/circuit-breaker';
import { Agent, request as send, type Dispatcher } from 'undici';
import { isIP } from 'node:net';
import { isPublicAddress, publicLookup } from './address-guard';
import { saysNoCapacity } from './capacity-answer';
import { BodyTooLargeError, readBody, UnknownEncodingError } from './read-body';
import { RequestPacer } from './request-pacer';
import { parseRetryAfter } from './retry-after';
import {
  isUpstreamError,
  UpstreamCapacityError,
  UpstreamError,
  UpstreamMalformedError,
  UpstreamRefusedError,
  UpstreamStatusError,
  UpstreamTimeoutError,
  UpstreamTooLargeError,
  type UpstreamReason,
} from './upstream.errors';

export const DEFAULT_UPSTREAM_MAX_BYTES = 64 * 1024 * 1024;

export interface UpstreamHttpOptions {
  /** Slug of the cloud: the name in errors, and of the circuit made when none is given. */
  readonly provider: string;
  /** Shared with whoever watches its state; default: one with SPEC P6's numbers. */
  readonly breaker?: CircuitBreaker;
  /** From the first byte sent to the last byte read, per attempt, in ms. Default 30,000. */
  readonly timeoutMs?: number;
  /** In ms. Default 5,000. */
  readonly connectTimeoutMs?: number;
  /** Of an answer, decompressed. Default 64 MiB (UPSTREAM_MAX_BYTES). */
  readonly maxBytes?: number;
  /** Calls in all for a read that may be repeated. Default 3. */
  readonly attempts?: number;
  /** Bound of the first wait between attempts, in ms; doubles. Default 500. */
  readonly retryBaseMs?: number;
  /** Longest wait between attempts, in ms; a longer Retry-After ends the attempts. Default 20,000. */
  readonly retryMaxMs?: number;
  /** Calls per minute; unlimited when absent (an emulator, a test). */
  readonly requestsPerMinute?: number;
  /** Exact `host:port` pairs that may have a private address (the emulator). Everything else must be public. */
  readonly privateHosts?: readonly string[];
}

export interface UpstreamRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, unless it is a string. */
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** May be sent twice without harm. Default: true for GET only; a search by POST says so itself. */
  readonly idempotent?: boolean;
  readonly attempts?: number;
  /** For probes: a closed door must not be reported as "no answer", nor a probe count as traffic. */
  readonly bypassCircuit?: boolean;
}

export interface UpstreamAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Buffer;
}

/** Failures that speak against the cloud. A refused key or a sold-out card says nothing about the next caller. */
const REASONS_AGAINST_THE_CLOUD: ReadonlySet<UpstreamReason> = new Set([
  'timeout',
  'refused',
  'status_5xx',
  'rate_limited',
  'too_large',
  'malformed',
]);
const REASONS_TO_TRY_AGAIN: ReadonlySet<UpstreamReason> = new Set(['timeout', 'refused', 'status_5xx', 'rate_limited']);

const VERDICT_POLL_MS = 50;

/** HTTP to one cloud: circuit, time-outs, retries, size cap, address guard. Throws nothing but UpstreamError. */
export class UpstreamHttp {
  readonly provider: string;
  readonly breaker: CircuitBreaker;
  private readonly timeoutMs: number;
  private readonly maxBytes: number;
  private readonly attempts: number;
  private readonly retryBaseMs: number;
  private readonly retryMaxMs: number;
  private readonly pacer: RequestPacer | null;
  private readonly privateHosts: ReadonlySet<string>;
  private readonly publicAgent: Agent;
  private readonly privateAgent: Agent;

  constructor(options: UpstreamHttpOptions) {
    this.provider = options.provider;
    this.breaker =
      options.breaker ?? new CircuitBreaker({ name: `provider:${options.provider}`, isFailure: speaksAgainstTheCloud });
    this.timeoutMs = options.timeoutMs ?? 30_000;
    this.maxBytes = options.maxBytes ?? DEFAULT_UPSTREAM_MAX_BYTES;
    this.attempts = options.attempts ?? 3;
    this.retryBaseMs = options.retryBaseMs ?? 500;
    this.retryMaxMs = options.retryMaxMs ?? 20_000;
    this.pacer = options.requestsPerMinute === undefined ? null : new RequestPacer(options.requestsPerMinute);
    this.privateHosts = new Set(options.privateHosts);
    const connectTimeout = options.connectTimeoutMs ?? 5_000;
    // The whole-call limit is withTimeout's; undici's own would end a slow but moving body with another error.
    const limits = { headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 10_000 };
    this.publicAgent = new Agent({ ...limits, connect: { timeout: connectTimeout, lookup: publicLookup } });
    this.privateAgent = new Agent({ ...limits, connect: { timeout: connectTimeout } });
  }

  /** @throws UpstreamError; a status outside 2xx is one */
  async request(request: UpstreamRequest): Promise<UpstreamAnswer> {
    return this.call(request, (answer) => answer);
  }

  /**
   * The answer's JSON, unchecked: parse it with a schema before use.
   * @throws UpstreamError, `malformed` when it is not JSON
   */
  async json(request: UpstreamRequest): Promise<unknown> {
    return this.call(request, (answer) => {
      try {
        return JSON.parse(answer.body.toString('utf8')) as unknown;
      } catch {
        // JSON.parse quotes the text in its message; the text may hold a key.
        throw new UpstreamMalformedError(this.provider, `${targetOf(request)} did not answer with JSON`);
      }
    });
  }

  /** Closes the sockets. The object cannot be used after it. */
  async close(): Promise<void> {
    await Promise.all([this.publicAgent.close(), this.privateAgent.close()]);
  }

  private async call<T>(request: UpstreamRequest, read: (answer: UpstreamAnswer) => T): Promise<T> {
    const idempotent = request.idempotent ?? request.method === 'GET';
    let failure: unknown = null;
    const attempt = () =>
      this.attempt(request, read).catch((error: unknown) => {
        failure = isRefusedByCircuit(error) ? (failure ?? error) : error;
        throw error;
      });
    try {
      return await retry(attempt, {
        attempts: idempotent ? (request.attempts ?? this.attempts) : 1,
        baseDelayMs: this.retryBaseMs,
        maxDelayMs: this.retryMaxMs,
        retryable: (error) => isUpstreamError(error) && REASONS_TO_TRY_AGAIN.has(error.reason),
        retryAfterMs: (error) => (error instanceof UpstreamStatusError ? error.retryAfterMs : null),
        signal: request.signal,
      });
    } catch (error) {
      // The circuit opened between two attempts: what the cloud did is the reason, not that it was not asked again.
      throw this.asUpstreamError(isRefusedByCircuit(error) ? failure : error, request);
    }
  }

  private async attempt<T>(request: UpstreamRequest, read: (answer: UpstreamAnswer) => T): Promise<T> {
    const dispatcher = this.dispatcherFor(request);
    await this.waitForPlace(request.signal);
    const once = async (signal: AbortSignal) => read(await this.sendOnce(request, dispatcher, signal));
    try {
      return request.bypassCircuit === true
        ? await withTimeout(once, this.timeoutMs, request.signal)
        : await this.throughCircuit(once, request.signal);
    } catch (error) {
      throw this.asUpstreamError(error, request);
    }
  }

  /**
   * A half-open circuit refuses what exceeds its trials. Calls of one pull run side by side: those that find every trial
   * taken wait for the verdict, since a refused one would end the pull, its trials with it, and the circuit would stay
   * half open for good.
   */
  private async throughCircuit<T>(
    once: (signal: AbortSignal) => Promise<T>,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    const giveUpAt = performance.now() + this.timeoutMs;
    for (;;) {
      try {
        return await this.breaker.execute(once, { timeoutMs: this.timeoutMs, signal });
      } catch (error) {
        const trialsRun = isCircuitOpenError(error) && this.breaker.state.kind === 'half_open';
        if (!trialsRun || performance.now() > giveUpAt) throw error;
        await sleep(VERDICT_POLL_MS, undefined, { signal });
      }
    }
  }

  private async sendOnce(
    request: UpstreamRequest,
    dispatcher: Dispatcher,
    signal: AbortSignal,
  ): Promise<UpstreamAnswer> {
    try {
      const response = await send(request.url, {
        method: request.method,
        dispatcher,
        signal,
        headers: headersOf(request),
        body: bodyOf(request),
      });
      const headers = singleHeaders(response.headers);
      const body = await readBody(response.body, headers['content-encoding'], this.maxBytes);
      if (response.statusCode < 200 || response.statusCode > 299) {
        throw this.statusError(request, response.statusCode, headers, body);
      }
      return { status: response.statusCode, headers, body };
    } catch (error) {
      if (signal.aborted) throw error;
      // Named before the circuit judges it: to the breaker a bare socket error and a bare 404 look alike.
      throw this.asUpstreamError(error, request);
    }
  }

  private statusError(
    request: UpstreamRequest,
    status: number,
    headers: UpstreamAnswer['headers'],
    body: Buffer,
  ): UpstreamError {
    const target = targetOf(request);
    if (saysNoCapacity(status, body.subarray(0, 4_096).toString('utf8'))) {
      return new UpstreamCapacityError(this.provider, target, status);
    }
    return new UpstreamStatusError(this.provider, target, status, parseRetryAfter(headers['retry-after'], Date.now()));
  }

  private dispatcherFor(request: UpstreamRequest): Dispatcher {
    const url = URL.canParse(request.url) ? new URL(request.url) : null;
    if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
      throw new UpstreamError(this.provider, 'address_refused', 'the address is not an http(s) URL');
    }
    const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port;
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (this.privateHosts.has(`${host}:${port}`)) return this.privateAgent;
    // A literal address is never looked up, so publicLookup would not see it.
    if (isIP(host) !== 0 && !isPublicAddress(host)) {
      throw new UpstreamError(this.provider, 'address_refused', `${url.origin} is not a public address`);
    }
    return this.publicAgent;
  }

  private async waitForPlace(signal: AbortSignal | undefined): Promise<void> {
    const waitMs = this.pacer?.reserve(Date.now()) ?? 0;
    if (waitMs > 0) await sleep(waitMs, undefined, { signal });
  }

  private asUpstreamError(error: unknown, request: UpstreamRequest): UpstreamError {
    const target = targetOf(request);
    if (isUpstreamError(error)) return error;
    if (request.signal?.aborted === true) return new UpstreamError(this.provider, 'aborted', `${target} was given up`);
    if (isTimeoutError(error)) return new UpstreamTimeoutError(this.provider, target, this.timeoutMs);
    if (isCircuitOpenError(error)) {
      return new UpstreamError(this.provider, 'circuit_open', `${target} was not called: the circuit is open`);
    }
    if (error instanceof BodyTooLargeError) return new UpstreamTooLargeError(this.provider, target, this.maxBytes);
    const code = codeOf(error);
    if (error instanceof UnknownEncodingError || /^(Z_|ERR_BROTLI|ERR__ERROR_FORMAT)/.test(code)) {
      return new UpstreamMalformedError(this.provider, `${target} sent a body that cannot be decompressed`);
    }
    if (code === 'ADDRESS_REFUSED') {
      return new UpstreamError(this.provider, 'address_refused', `${target} has no public address`);
    }
    if (code === 'UND_ERR_CONNECT_TIMEOUT') return new UpstreamTimeoutError(this.provider, target, this.timeoutMs);
    return new UpstreamRefusedError(this.provider, target, code);
  }
}

/** For a breaker that is made outside: which errors count as failures of the cloud. */
export function speaksAgainstTheCloud(error: unknown): boolean {
  return !isUpstreamError(error) || REASONS_AGAINST_THE_CLOUD.has(error.reason);
}

const isRefusedByCircuit = (error: unknown): boolean => isUpstreamError(error) && error.reason === 'circuit_open';

function headersOf(request: UpstreamRequest): Record<string, string> {
  const json = request.body !== undefined && typeof request.body !== 'string';
  return {
    accept: 'application/json',
    'accept-encoding': 'gzip, deflate, br',
    'user-agent': 'gpubroker',
    ...(json ? { 'content-type': 'application/json' } : {}),
    ...request.headers,
  };
}

function bodyOf(request: UpstreamRequest): string | undefined {
  if (request.body === undefined) return undefined;
  return typeof request.body === 'string' ? request.body : JSON.stringify(request.body);
}

function singleHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  );
}

/** Method, origin and path. No query and no user info: both may hold a key. */
function targetOf(request: UpstreamRequest): string {
  if (!URL.canParse(request.url)) return request.method;
  const { origin, pathname } = new URL(request.url);
  return `${request.method} ${origin}${pathname}`;
}

/** Not asked by class: Node's own errors come from another realm under some runners. */
function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if ('cause' in error && error.cause !== undefined) return codeOf(error.cause);
  return error instanceof Error ? error.name : 'unknown';
}
