import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { CircuitBreaker } from '@gpubroker/circuit-breaker';
import type { GpuRatesRequestDto } from '@gpubroker/contracts/math';
import { speaksAgainstTheCloud, UpstreamHttp, UpstreamMalformedError } from '@gpubroker/provider-adapter/upstream';
import type { GpuRate } from '../catalog/unit-costs';
import { hostAndPort } from '../ingestion/provider-sources';
import type { EnrichmentConfig } from './enrichment.env';
import { readGpuRates } from './gpu-rates-answer';

const PATH = '/api/v2/math/costs';
const PEER = 'math-core';
/** Models of one question: its body and its answer stay far below every limit. */
const AT_ONCE = 1_000;
const MAX_BYTES = 4 * 1_048_576;
/** Said, although they are math-core's defaults: a default that moves must not move every cost in silence. */
const TASK = { model_size: '7b', precision: 'fp16' } as const;

/** Asks math-core how fast GPUs are, through a circuit of its own. */
@Injectable()
export class MathCoreClient implements OnApplicationShutdown {
  readonly breaker: CircuitBreaker;
  private readonly http: UpstreamHttp;
  private readonly url: string;

  constructor({ mathCoreUrl, timeoutMs, breaker }: EnrichmentConfig) {
    this.breaker = new CircuitBreaker({ name: PEER, rule: breaker, isFailure: speaksAgainstTheCloud });
    this.url = `${mathCoreUrl.replace(/\/+$/, '')}${PATH}`;
    this.http = new UpstreamHttp({
      provider: PEER,
      breaker: this.breaker,
      timeoutMs,
      maxBytes: MAX_BYTES,
      // It is asked again soon anyway.
      attempts: 1,
      privateHosts: [hostAndPort(new URL(mathCoreUrl))],
    });
  }

  /** @throws UpstreamError */
  async rates(models: readonly string[], signal: AbortSignal): Promise<GpuRate[]> {
    const rates: GpuRate[] = [];
    for (let start = 0; start < models.length; start += AT_ONCE)
      rates.push(...(await this.ask(models.slice(start, start + AT_ONCE), signal)));
    return rates;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.http.close();
  }

  private async ask(models: readonly string[], signal: AbortSignal): Promise<GpuRate[]> {
    const body: GpuRatesRequestDto = { ...TASK, items: models.map((gpu_type) => ({ gpu_type })) };
    const answer = await this.http.json({ method: 'POST', url: this.url, body, signal, idempotent: true });
    const rates = readGpuRates(answer, models);
    if (rates === null) throw new UpstreamMalformedError(PEER, `${PATH} did not answer with a rate for each GPU`);
    return rates;
  }
}
