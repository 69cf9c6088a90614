import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import type { GpuRatesAnswerDto, GpuRatesDto, GpuRatesRequestDto } from '@gpubroker/contracts/math';
import { LocalServer } from '@gpubroker/testing/local-server';

/** The two rates of one GPU. */
export interface StandInRate {
  readonly tokensPerSecond: number | null;
  readonly gflops: number | null;
}

export type StandInMode = 'ok' | 'hang' | 'error' | 'garbage' | 'another_shape' | 'too_few' | 'refuses';

/** Speaks math-core's contract of `POST /math/costs`, from a table of the test's own; knows no other GPU. Not math-core. */
export class MathCoreStandIn {
  readonly rates = new Map<string, StandInRate>();
  /** GPUs of each question so far. */
  readonly asked: (readonly string[])[] = [];
  mode: StandInMode = 'ok';
  private readonly server = new LocalServer((request, response) => this.answer(request, response));

  get url(): string {
    return this.server.url;
  }

  /** At the same address as before, where it was up already. */
  async start(): Promise<void> {
    await this.server.start();
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'POST' || request.url !== '/api/v2/math/costs') {
      response.writeHead(404).end();
      return;
    }
    const question = (await json(request)) as GpuRatesRequestDto;
    this.asked.push(question.items.map(({ gpu_type }) => gpu_type));
    if (this.mode === 'hang') return;
    response.statusCode = { error: 500, refuses: 422 }[this.mode as string] ?? 200;
    response.setHeader('content-type', 'application/json').end(this.bodyFor(question));
  }

  private bodyFor(question: GpuRatesRequestDto): string {
    switch (this.mode) {
      case 'garbage':
        return '<html>';
      case 'another_shape':
        return JSON.stringify({ items: question.items.map(() => ({ tokens_per_second: -1 })) });
      case 'too_few':
        return JSON.stringify({ ...this.answerTo(question), items: this.answerTo(question).items.slice(1) });
      default:
        return JSON.stringify(this.answerTo(question));
    }
  }

  private answerTo({ precision = 'fp16', items }: GpuRatesRequestDto): GpuRatesAnswerDto {
    return {
      assumptions: {
        model: 'llama-2-7b',
        precision,
        engine: 'llama.cpp',
        batch: 1,
        input_tokens: 128,
        output_tokens: 512,
      },
      items: items.map(({ gpu_type }) => this.rateOf(gpu_type)),
    };
  }

  private rateOf(gpu: string): GpuRatesDto {
    const rate = this.rates.get(gpu);
    const speed = rate?.tokensPerSecond ?? null;
    return {
      gpu_type: gpu,
      gpu_count: 1,
      gpu_model: rate ? gpu : null,
      tokens_per_second: speed,
      tokens_per_second_range: speed === null ? null : { low: speed / 2, high: speed * 2 },
      confidence: speed === null ? null : 0.8,
      gflops: rate?.gflops ?? null,
      reason: rate ? (speed === null ? 'does_not_fit' : null) : 'unknown_gpu',
    };
  }
}
