import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { EnsembleAnswerDto } from '@gpubroker/contracts/math';
import type { BenchmarkFigures } from '../benchmarks/benchmark-figures';
import { BenchmarkStore, findFigures } from '../benchmarks/benchmark-store';
import { TasteTrainer } from '../interactions/taste.trainer';
import { stepsInTurns } from '../request/turns';
import { ensembleInSteps } from './ensemble';
import type { RecommendRequest } from './parse-recommend';
import { recommendAnswer } from './recommend-answer';

@Injectable()
export class RecommendService {
  constructor(
    private readonly benchmarks: BenchmarkStore,
    private readonly trainer: TasteTrainer,
  ) {}

  /** @param user whose taste counts */
  async recommend({ profile, candidates, weights, topK }: RecommendRequest, user: string): Promise<EnsembleAnswerDto> {
    const rows = await this.rows();
    const { taste } = this.trainer;
    const figuresOf = remembered((gpuType) => findFigures(rows ?? [], gpuType));
    await nextTurn();
    const result = await stepsInTurns(ensembleInSteps({ profile, candidates, weights, user, taste, figuresOf }));
    const answer = await recommendAnswer(result, profile, topK, taste.knownOf(user));
    return rows === null ? { ...answer, warnings: [...answer.warnings, NO_TABLE] } : answer;
  }

  /** null while the table cannot be read and never was: offers are ranked by what they say themselves. */
  private async rows(): Promise<readonly BenchmarkFigures[] | null> {
    return this.benchmarks.known().catch(() => null);
  }
}

const NO_TABLE = 'The benchmark table cannot be read: no speed is known.';

/** Thousands of offers are of some dozens of cards. */
function remembered<Value>(find: (name: string) => Value): (name: string) => Value {
  const known = new Map<string, Value>();
  return (name) => {
    const value = known.has(name) ? (known.get(name) as Value) : find(name);
    known.set(name, value);
    return value;
  };
}
