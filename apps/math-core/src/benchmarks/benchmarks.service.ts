import { Injectable } from '@nestjs/common';
import type { BenchmarkListDto, ResolvedBenchmarkDto } from '@gpubroker/contracts/math';
import { ApiError } from '@gpubroker/platform/errors';
import { benchmarkAnswer } from './benchmark-answer';
import { estimatedSpeeds } from './benchmark-card';
import { BenchmarkStore, findFigures } from './benchmark-store';

/** The benchmark table, read fresh: it is a hundred rows. */
@Injectable()
export class BenchmarksService {
  constructor(private readonly store: BenchmarkStore) {}

  async list(): Promise<BenchmarkListDto> {
    const rows = await this.store.read();
    return { total: rows.length, items: rows.map((figures) => benchmarkAnswer(figures, estimatedSpeeds(figures))) };
  }

  /** @throws ApiError NOT_FOUND for a card that is not in the table */
  async get(requested: string): Promise<ResolvedBenchmarkDto> {
    const figures = findFigures(await this.store.read(), requested);
    if (figures === null) throw new ApiError('NOT_FOUND', 'No benchmark of such a GPU');
    return { ...benchmarkAnswer(figures, estimatedSpeeds(figures)), requested, resolved_to: figures.gpuModel };
  }
}
