import { Injectable } from '@nestjs/common';
import type { CostPerGflopAnswerDto, CostPerTokenAnswerDto } from '@gpubroker/contracts/math';
import { validationError } from '@gpubroker/platform/errors';
import { cardOf } from '../benchmarks/benchmark-card';
import type { BenchmarkFigures } from '../benchmarks/benchmark-figures';
import { BenchmarkStore } from '../benchmarks/benchmark-store';
import { costPerGflopAnswer, costPerTokenAnswer } from './cost-answer';
import type { CostPerGflopRequest, CostPerTokenRequest } from './cost-request';

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

  private async figuresOf(gpuType: string): Promise<BenchmarkFigures> {
    const figures = await this.benchmarks.find(gpuType);
    if (figures === null) throw refusal('gpu_type', 'is no GPU of the benchmark table');
    return figures;
  }
}

const refusal = (field: string, message: string) => validationError([{ field, message }]);
