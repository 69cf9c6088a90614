import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { CircuitBreaker } from '@gpubroker/circuit-breaker';
import type { GpuRatesAnswerDto, GpuRatesRequestDto } from '@gpubroker/contracts/math';
import { reportCircuits, ServiceMetrics } from '@gpubroker/platform/metrics';
import { Pool } from 'undici';
import { z } from 'zod';
import { KpiConfig } from '../kpi.config';

const RATES_PATH = '/api/v2/math/costs';

/** What is read of the answer; a newer math-core may say more. */
const answerSchema = z.object({
  items: z.array(
    z.object({
      gpu_type: z.string(),
      tokens_per_second: z.number().positive().nullable(),
      gflops: z.number().positive().nullable(),
    }),
  ),
});

export type GpuRate = Pick<GpuRatesAnswerDto['items'][number], 'gpu_type' | 'tokens_per_second' | 'gflops'>;

/** Thrown when there was no usable answer. Its own class: a refused connection must not pass for a database that is away. */
export class MathCoreError extends Error {
  override readonly name = 'MathCoreError';
}

/** Asks math-core over HTTP, behind a circuit breaker. */
@Injectable()
export class MathCoreClient implements OnApplicationShutdown {
  private readonly pool: Pool;
  private readonly breaker: CircuitBreaker;

  constructor(
    private readonly config: KpiConfig,
    metrics: ServiceMetrics,
  ) {
    this.breaker = new CircuitBreaker({ name: 'math-core', rule: config.mathCore.breaker });
    this.pool = new Pool(new URL(config.mathCore.url).origin, { connections: 2 });
    reportCircuits(metrics, () => [this.breaker]);
  }

  /**
   * Tokens a second and GFLOP/s of one GPU of each type (7B, FP16).
   * @throws MathCoreError
   */
  async rates(gpuTypes: readonly string[]): Promise<readonly GpuRate[]> {
    try {
      return await this.breaker.execute((signal) => this.ask(gpuTypes, signal), {
        timeoutMs: this.config.mathCore.timeoutMs,
      });
    } catch (error) {
      throw new MathCoreError('math-core gave no rates', { cause: error });
    }
  }

  async onApplicationShutdown(): Promise<void> {
    await this.pool.destroy();
  }

  private async ask(gpuTypes: readonly string[], signal: AbortSignal): Promise<readonly GpuRate[]> {
    const body: GpuRatesRequestDto = { items: gpuTypes.map((gpu_type) => ({ gpu_type })) };
    const answer = await this.pool.request({
      method: 'POST',
      path: RATES_PATH,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal,
    });
    if (answer.statusCode !== 200) {
      await answer.body.dump();
      throw new MathCoreError(`math-core answered ${answer.statusCode}`);
    }
    return answerSchema.parse(await answer.body.json()).items;
  }
}
