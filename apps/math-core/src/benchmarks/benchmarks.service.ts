import { Injectable } from '@nestjs/common';
import type { BenchmarkListDto, ResolvedBenchmarkDto } from '@gpubroker/contracts/math';
import { Database } from '@gpubroker/persistence/database';
import { ApiError } from '@gpubroker/platform/errors';
import { benchmarkAnswer, type DerivableSpeeds } from './benchmark-answer';
import { benchmarkFigures, type BenchmarkFigures } from './benchmark-figures';
import { BenchmarkEntity } from './benchmark.entity';
import { resolveGpu } from './resolve-gpu';

const NOTHING: DerivableSpeeds = { tokens7b: null, tokens13b: null, tokens70b: null };

/** The benchmark table, read fresh: it is a hundred rows. */
@Injectable()
export class BenchmarksService {
  constructor(private readonly database: Database) {}

  async list(): Promise<BenchmarkListDto> {
    const rows = await this.database.repository(BenchmarkEntity).find({ order: { gpuModel: 'ASC' } });
    const items = rows.map(benchmarkFigures).map((figures) => benchmarkAnswer(figures, NOTHING));
    return { total: items.length, items };
  }

  /** @throws ApiError NOT_FOUND for a card that is not in the table */
  async get(requested: string): Promise<ResolvedBenchmarkDto> {
    const figures = await this.figuresOf(requested);
    if (figures === null) throw new ApiError('NOT_FOUND', 'No benchmark of such a GPU');
    return { ...benchmarkAnswer(figures, NOTHING), requested, resolved_to: figures.gpuModel };
  }

  /** The row that a name stands for: the card it resolves to, else a row that somebody entered under exactly that name. */
  async figuresOf(name: string): Promise<BenchmarkFigures | null> {
    const model = resolveGpu(name);
    const row =
      (model === null ? null : await this.rowOf('gpu_model = :name', model)) ??
      (await this.rowOf('lower(gpu_model) = lower(:name)', name));
    return row === null ? null : benchmarkFigures(row);
  }

  private rowOf(condition: string, name: string): Promise<BenchmarkEntity | null> {
    return this.database.repository(BenchmarkEntity).createQueryBuilder().where(condition, { name }).getOne();
  }
}
