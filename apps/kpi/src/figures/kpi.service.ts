import { Inject, Injectable } from '@nestjs/common';
import { isTimeoutError, withTimeout } from '@gpubroker/circuit-breaker';
import type {
  GpuKpiDto,
  KpiOverviewDto,
  MarketInsightsDto,
  MarketShareDto,
  PriceDistributionDto,
  PriceTrendDto,
  ProviderKpiDto,
  SavingsDto,
} from '@gpubroker/contracts/kpi';
import { Database } from '@gpubroker/persistence/database';
import { CACHE, type Cache } from '@gpubroker/platform/cache';
import { ApiError } from '@gpubroker/platform/errors';
import { RatesRefresher } from '../costs/rates.refresher';
import { distributionAnswer } from './distribution.answer';
import { gpuAnswer } from './gpu.answer';
import { readTogether, type MarketReading } from './market-reading';
import { marketAnswer } from './market.answer';
import { overviewAnswer } from './overview.answer';
import { providerAnswer } from './provider.answer';
import { savingsAnswer } from './savings.answer';
import { shareAnswer } from './share.answer';
import { trendAnswer } from './trend.answer';

const CACHE_PREFIX = 'kpi:answers:';
/** Long enough for a crowd, short enough that nobody sees it. */
const KEEP_SECONDS = 1;
/** Below the limit of a statement, for all statements of an answer together. */
const READ_MS = 4_500;

type Ask<Answer> = (reading: MarketReading) => Promise<Answer>;

/** Every question is asked of one moment of the tables, and kept for a second. */
@Injectable()
export class KpiService {
  private readonly asking = new Map<string, Promise<unknown>>();

  constructor(
    private readonly database: Database,
    private readonly rates: RatesRefresher,
    @Inject(CACHE) private readonly cache: Cache,
  ) {}

  overview(): Promise<KpiOverviewDto> {
    return this.kept('overview', overviewAnswer);
  }

  gpu(name: string): Promise<GpuKpiDto> {
    return this.kept(`gpu:${name}`, (reading) => gpuAnswer(reading, name));
  }

  provider(name: string): Promise<ProviderKpiDto> {
    return this.kept(`provider:${name}`, (reading) => providerAnswer(reading, name));
  }

  market(): Promise<MarketInsightsDto> {
    return this.kept('market', marketAnswer);
  }

  distribution(buckets: number): Promise<PriceDistributionDto> {
    return this.kept(`distribution:${buckets}`, (reading) => distributionAnswer(reading, buckets));
  }

  share(): Promise<MarketShareDto> {
    return this.kept('share', shareAnswer);
  }

  savings(): Promise<SavingsDto> {
    return this.kept('savings', savingsAnswer);
  }

  trend(days: number): Promise<PriceTrendDto> {
    return this.kept(`trend:${days}`, (reading) => trendAnswer(reading, days));
  }

  /** Many questions of one moment, past the cache. */
  atOnce<Answer>(ask: Ask<Answer>): Promise<Answer> {
    return readTogether(this.database, this.rates.warnings, ask);
  }

  /** Who asks what is being asked already waits for the same answer. */
  private async kept<Answer>(question: string, ask: Ask<Answer>): Promise<Answer> {
    const key = `${CACHE_PREFIX}${question}`;
    const known = await this.cache.get(key);
    if (known !== null) return JSON.parse(known) as Answer;
    const asked = (this.asking.get(key) ?? this.ask(key, ask)) as Promise<Answer>;
    this.asking.set(key, asked);
    return asked;
  }

  private async ask<Answer>(key: string, ask: Ask<Answer>): Promise<Answer> {
    try {
      const answer = await withTimeout(() => this.atOnce(ask), READ_MS);
      await this.cache.set(key, JSON.stringify(answer), KEEP_SECONDS);
      return answer;
    } catch (error) {
      throw isTimeoutError(error)
        ? new ApiError('DB_UNAVAILABLE', 'Database not available', { retryAfterSeconds: 2, cause: error })
        : error;
    } finally {
      this.asking.delete(key);
    }
  }
}
