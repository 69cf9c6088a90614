import { Injectable } from '@nestjs/common';
import { Database } from '@gpubroker/persistence/database';
import { benchmarkFigures, type BenchmarkFigures } from './benchmark-figures';
import { BenchmarkEntity } from './benchmark.entity';
import { resolveGpu } from './resolve-gpu';

/** How old the figures behind an estimate may be. */
const FRESH_MS = 30_000;

/** The table in memory for what asks for it on every request; with the database down the last known rows go on serving. */
@Injectable()
export class BenchmarkStore {
  private rows: readonly BenchmarkFigures[] | null = null;
  private readAt = 0;

  constructor(private readonly database: Database) {}

  /** @throws when the database is down and nothing was ever read */
  async find(name: string): Promise<BenchmarkFigures | null> {
    return findFigures(await this.known(), name);
  }

  /** The next question reads the table again; rows that were read stay for when the database is away. */
  forget(): void {
    this.readAt = -Infinity;
  }

  /** The rows in use as they are now. */
  async read(): Promise<readonly BenchmarkFigures[]> {
    const rows = await this.database
      .repository(BenchmarkEntity)
      .createQueryBuilder('b')
      .where('NOT EXISTS (SELECT 1 FROM math_core.benchmark_deactivations d WHERE d.benchmark_id = b.id)')
      .orderBy('b.gpuModel', 'ASC')
      .getMany();
    this.rows = rows.map(benchmarkFigures);
    this.readAt = Date.now();
    return this.rows;
  }

  /**
   * Every row, not older than half a minute while the database answers.
   * @throws when the database is down and nothing was ever read
   */
  async known(): Promise<readonly BenchmarkFigures[]> {
    if (this.rows !== null && this.rows.length > 0 && Date.now() - this.readAt < FRESH_MS) return this.rows;
    try {
      return await this.read();
    } catch (error) {
      if (this.rows === null) throw error;
      this.readAt = Date.now();
      return this.rows;
    }
  }
}

/** The row that a name stands for: the card it resolves to, else a row that somebody entered under exactly that name. */
export function findFigures(rows: readonly BenchmarkFigures[], name: string): BenchmarkFigures | null {
  const model = resolveGpu(name);
  const wanted = name.toLowerCase();
  return (
    rows.find(({ gpuModel }) => gpuModel === model) ??
    rows.find(({ gpuModel }) => gpuModel.toLowerCase() === wanted) ??
    null
  );
}
