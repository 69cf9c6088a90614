import { Injectable } from '@nestjs/common';
import { Database } from '@gpubroker/persistence/database';
import { InjectLogger } from '@gpubroker/platform/logging';
import type { Logger } from 'pino';
import { knownGpus } from '../projection/known-gpus';
import { MathCoreClient, type GpuRate } from './math-core.client';

const LOOK_EVERY_MS = 2_000;
/** Benchmarks change rarely; but that math-core is away should be said soon. A GPU that is new is asked for at once. */
const ASK_EVERY_MS = 10_000;

/** math-core refuses longer names, and with one name the whole question. */
const LONGEST_NAME = 100;
const isAskable = (type: string): boolean => type.trim() !== '' && type.length <= LONGEST_NAME;
const withoutRate = (gpu_type: string): GpuRate => ({ gpu_type, tokens_per_second: null, gflops: null });

const OLD_WARNING = 'math-core is not available: costs per token and GFLOP are the last known ones';

/**
 * Keeps what math-core says about each GPU in a table: a question never waits for math-core, and the last known rates
 * outlive its outage and our restart.
 */
@Injectable()
export class RatesRefresher {
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private isLooking = false;
  private asked: ReadonlySet<string> = new Set();
  private askedAt = 0;
  private isAway = false;

  constructor(
    private readonly database: Database,
    private readonly mathCore: MathCoreClient,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /** For every answer with costs in it. */
  get warnings(): readonly string[] {
    return this.isAway ? [OLD_WARNING] : [];
  }

  start(): void {
    this.look();
    this.timer = setInterval(() => {
      this.look();
    }, LOOK_EVERY_MS);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
  }

  private look(): void {
    if (this.isLooking) return;
    this.isLooking = true;
    this.looking = this.refresh()
      .catch((error: unknown) => {
        this.logger.warn({ err: error }, 'the costs could not be refreshed, trying again');
      })
      .finally(() => {
        this.isLooking = false;
      });
  }

  private async refresh(): Promise<void> {
    const types = (await knownGpus(this.database.dataSource)).map(({ gpu_type }) => gpu_type);
    const hasNew = types.some((type) => !this.asked.has(type));
    if (types.length === 0 || (!hasNew && performance.now() - this.askedAt < ASK_EVERY_MS)) return;
    const rates = await this.ask(types);
    if (rates === null) return;
    await this.keep(rates);
    this.asked = new Set(types);
    this.askedAt = performance.now();
  }

  private async ask(types: readonly string[]): Promise<readonly GpuRate[] | null> {
    try {
      const rates = await this.mathCore.rates(types.filter(isAskable));
      this.isAway = false;
      return [...rates, ...types.filter((type) => !isAskable(type)).map(withoutRate)];
    } catch (error) {
      if (!this.isAway) this.logger.warn({ err: error }, 'math-core is not available, the last known rates stand');
      this.isAway = true;
      return null;
    }
  }

  private async keep(rates: readonly GpuRate[]): Promise<void> {
    await this.database.dataSource.query(
      `INSERT INTO kpi.gpu_rates AS kept (gpu_type, tokens_per_second, gflops, known_at)
       SELECT DISTINCT ON (gpu_type) gpu_type, tokens_per_second, gflops, now()
       FROM jsonb_to_recordset($1::jsonb) AS sent (gpu_type text, tokens_per_second float8, gflops float8) ORDER BY gpu_type
       ON CONFLICT (gpu_type) DO UPDATE SET tokens_per_second = EXCLUDED.tokens_per_second, gflops = EXCLUDED.gflops,
         known_at = EXCLUDED.known_at
       WHERE (kept.tokens_per_second, kept.gflops) IS DISTINCT FROM (EXCLUDED.tokens_per_second, EXCLUDED.gflops)`,
      [JSON.stringify(rates)],
    );
  }
}
