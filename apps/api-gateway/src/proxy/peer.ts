import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { Bulkhead, CircuitBreaker, retry } from '@gpubroker/circuit-breaker';
import { Pool, type Dispatcher } from 'undici';
import type { UpstreamConfig } from '../api-gateway.config';
import type { PeerName } from '../routing/peer-name';
import { isRepeatable, speaksAgainstPeer } from './peer-failure';
import type { ForwardedHeaders } from './request-headers';

export interface PeerRequest {
  readonly method: string;
  /** With query. */
  readonly path: string;
  readonly headers: ForwardedHeaders;
  readonly body: Buffer | null;
  /** Where the peer's usual time does not suit. */
  readonly answerTimeoutMs?: number | undefined;
}

export interface PeerAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The bytes as they came, whole when they are few and known in number, else as they arrive. */
  readonly body: Buffer | Readable | null;
}

const CONNECTIONS = 128;
const IN_FLIGHT = 2_048;
/** Under the services' 75 s: a connection is dropped here before it can be closed there with a request on its way. */
const KEEP_ALIVE_MS = 30_000;
const KEEP_ALIVE_MAX_MS = 60_000;
/** A stream that says nothing for this long is dead; event streams send a comment every 15 s. */
const SILENCE_MS = 60_000;
/** Read whole up to here: half an answer then never reaches the caller, and the call can be repeated. */
const WHOLE_ANSWER_BYTES = 256 * 1024;
const REPEAT_AFTER_MS = 50;

/** One service behind the gateway: its connections, and whether it is worth calling. */
export class Peer {
  readonly breaker: CircuitBreaker;
  private readonly pool: Pool;
  private readonly bulkhead: Bulkhead;

  constructor(
    readonly name: PeerName,
    readonly origin: string,
    private readonly config: UpstreamConfig,
  ) {
    this.breaker = new CircuitBreaker({ name, rule: config.breaker, isFailure: speaksAgainstPeer });
    this.bulkhead = new Bulkhead({ name, limit: IN_FLIGHT });
    this.pool = new Pool(origin, {
      connections: CONNECTIONS,
      connect: { timeout: config.connectTimeoutMs },
      keepAliveTimeout: KEEP_ALIVE_MS,
      keepAliveMaxTimeout: KEEP_ALIVE_MAX_MS,
      // The breaker's clock covers queue, headers and short answers together.
      headersTimeout: 0,
      bodyTimeout: SILENCE_MS,
    });
  }

  /** @throws CircuitOpenError, BulkheadFullError, TimeoutError, the signal's reason, or the connection's error */
  request(request: PeerRequest, signal: AbortSignal): Promise<PeerAnswer> {
    const timeoutMs = request.answerTimeoutMs ?? this.config.answerTimeoutMs;
    return this.bulkhead.execute(() =>
      this.breaker.execute((within) => this.sendTwiceIfLost(request, within), { signal, timeoutMs }),
    );
  }

  /** Asks whether the process lives, outside the breaker: the question must not be what opens or heals it. */
  async isAlive(withinMs: number): Promise<boolean> {
    const answer = await this.send(
      { method: 'GET', path: '/health?probe=live', headers: {}, body: null },
      AbortSignal.timeout(withinMs),
    );
    return answer.status === 200;
  }

  close(): Promise<void> {
    return this.pool.destroy();
  }

  private sendTwiceIfLost(request: PeerRequest, signal: AbortSignal): Promise<PeerAnswer> {
    return retry(() => this.send(request, signal), {
      attempts: 2,
      baseDelayMs: REPEAT_AFTER_MS,
      maxDelayMs: REPEAT_AFTER_MS,
      retryable: (error) => isRepeatable(request.method, error),
      signal,
    });
  }

  private async send({ method, path, headers, body }: PeerRequest, signal: AbortSignal): Promise<PeerAnswer> {
    const answer = await this.pool.request({ method, path, headers, body, signal });
    return { status: answer.statusCode, headers: answer.headers, body: await bodyOf(method, answer) };
  }
}

async function bodyOf(
  method: string,
  { statusCode, headers, body }: Dispatcher.ResponseData,
): Promise<PeerAnswer['body']> {
  if (method === 'HEAD' || statusCode === 204 || statusCode === 304) {
    await body.dump();
    return null;
  }
  const length = Number(headers['content-length'] ?? Number.NaN);
  return length <= WHOLE_ANSWER_BYTES ? Buffer.from(await body.arrayBuffer()) : body;
}
