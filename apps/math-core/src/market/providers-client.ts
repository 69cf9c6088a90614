import { Injectable } from '@nestjs/common';
import { CircuitBreaker } from '@gpubroker/circuit-breaker';
import { HealthRegistry } from '@gpubroker/platform/health';
import { reportCircuits, ServiceMetrics } from '@gpubroker/platform/metrics';
import { traceparent } from '@gpubroker/platform/tracing';
import { MathCoreConfig } from '../math-core.config';

/** The providers service answered that what was asked for is not there, or that the question is none. */
export class RefusedByProvidersError extends Error {
  constructor(readonly status: number) {
    super(`providers answered ${status}`);
    this.name = 'RefusedByProvidersError';
  }
}

/** A hundred offers are about a tenth of this. */
const MAX_CHARACTERS = 4_194_304;

/** The offers' service over HTTP, behind a circuit: while it is away callers are told at once and go on without. */
@Injectable()
export class ProvidersClient {
  private readonly breaker: CircuitBreaker;

  constructor(
    private readonly config: MathCoreConfig,
    metrics: ServiceMetrics,
    health: HealthRegistry,
  ) {
    this.breaker = new CircuitBreaker({
      name: 'providers',
      rule: config.providers.breaker,
      isFailure: (error) => !(error instanceof RefusedByProvidersError),
    });
    reportCircuits(metrics, () => [this.breaker]);
    health.add({
      name: 'providers',
      critical: () => false,
      check: () => ({ up: this.breaker.state.kind !== 'open', detail: { circuit: this.breaker.state.kind } }),
    });
  }

  /**
   * @param path after /api/v2/
   * @returns the JSON of the answer, not checked
   * @throws RefusedByProvidersError for a 4xx; CircuitOpenError, TimeoutError or another error when the service is away
   */
  get(path: string, query: Readonly<Record<string, string>> = {}): Promise<unknown> {
    const url = new URL(`/api/v2/${path}`, this.config.providers.url);
    url.search = new URLSearchParams(query).toString();
    const { timeoutMs } = this.config.providers;
    return this.breaker.execute((signal) => readJson(url, signal), { timeoutMs });
  }
}

async function readJson(url: URL, signal: AbortSignal): Promise<unknown> {
  const trace = traceparent();
  const response = await fetch(url, {
    signal,
    redirect: 'error',
    headers: { accept: 'application/json', ...(trace !== undefined && { traceparent: trace }) },
  });
  const text = await response.text();
  if (response.status >= 400 && response.status < 500) throw new RefusedByProvidersError(response.status);
  if (!response.ok || text.length > MAX_CHARACTERS) throw new Error(`providers answered ${response.status}`);
  return JSON.parse(text);
}
