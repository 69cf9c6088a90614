import { Injectable } from '@nestjs/common';
import type { CostPerGflopAnswerDto, CostPerTokenAnswerDto, GpuRatesAnswerDto } from '@gpubroker/contracts/math';
import { ApiError, validationError } from '@gpubroker/platform/errors';
import { cardOf } from '../benchmarks/benchmark-card';
import type { BenchmarkFigures } from '../benchmarks/benchmark-figures';
import { BenchmarkStore, findFigures } from '../benchmarks/benchmark-store';
import { costPerGflopAnswer, costPerTokenAnswer } from './cost-answer';
import { COST_DEFAULTS, type CostPerGflopRequest, type CostPerTokenRequest } from './cost-request';
import { gpuRates } from './gpu-rates';
import type { GpuRatesRequest } from './gpu-rates-request';

/** What a token or a GFLOP costs on a card. */
@Injectable()
export class CostService {
  constructor(private readonly benchmarks: BenchmarkStore) {}

  /** @throws ApiError VALIDATION_ERROR for a card that is not known well enough, or a batch that cannot be held */
  async perToken(request: CostPerTokenRequest): Promise<CostPerTokenAnswerDto> {
    const card = cardOf(await this.figuresOf(request.gpuType));
    if (card === null) throw refusal('gpu_type', 'is a GPU whose memory bandwidth no source gives');
    const answer = costPerTokenAnswer(request, card);
    if (answer === null)
      throw refusal('batch', 'cannot be estimated: the model leaves no room for it, or too little is known of the GPU');
    return answer;
  }

  /** @throws ApiError VALIDATION_ERROR for a card of which no rate is known */
  async perGflop({ pricePerHour, gpuType }: CostPerGflopRequest): Promise<CostPerGflopAnswerDto> {
    const answer = costPerGflopAnswer(pricePerHour, await this.figuresOf(gpuType));
    if (answer === null) throw refusal('gpu_type', 'is a GPU whose compute rate no source gives');
    return answer;
  }

  /**
   * Every GPU is answered for: one that is not known, or does not hold the model, with nulls and the reason.
   * @throws ApiError SERVICE_UNAVAILABLE before the benchmark table is filled
   */
  async rates({ model, precision, items }: GpuRatesRequest): Promise<GpuRatesAnswerDto> {
    const rows = await this.benchmarks.known();
    // Callers keep the answer: a table that is still being filled must not be taken for one that knows no GPU.
    if (rows.length === 0) throw new ApiError('SERVICE_UNAVAILABLE', 'The benchmark table is not filled yet');
    const { engine, batch, inputTokens, outputTokens } = COST_DEFAULTS;
    return {
      assumptions: {
        ...{ model: model.name, precision: precision.name, engine, batch },
        ...{ input_tokens: inputTokens, output_tokens: outputTokens },
      },
      items: items.map((item) => gpuRates(item, { model, precision }, findFigures(rows, item.gpuType))),
    };
  }

  private async figuresOf(gpuType: string): Promise<BenchmarkFigures> {
    const figures = await this.benchmarks.find(gpuType);
    if (figures === null) throw refusal('gpu_type', 'is no GPU of the benchmark table');
    return figures;
  }
}

const refusal = (field: string, message: string) => validationError([{ field, message }]);
