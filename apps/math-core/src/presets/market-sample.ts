import { Injectable } from '@nestjs/common';
import { ApiError } from '@gpubroker/platform/errors';
import { InjectLogger } from '@gpubroker/platform/logging';
import type { Logger } from 'pino';
import type { BenchmarkFigures } from '../benchmarks/benchmark-figures';
import { ProvidersClient } from '../market/providers-client';
import { marketOffers, type MarketOffer } from './market-offer';

/** As long as the list's own cache lives. */
const FRESH_MS = 60_000;
/** Offers of yesterday are none of today. */
const KEPT_MS = 24 * 3_600_000;
/** Models whose offers are asked for by name, so that the fastest are among the sample however dear they are. */
const FASTEST = 16;

type Question = Readonly<Record<string, string>>;

/** The ends of the market that the presets are about: each the first hundred in an order of the list. */
const QUESTIONS: readonly Question[] = [
  { sort: 'price_per_hour' },
  { sort: 'price_per_hour', gpu_memory_min: '16' },
  { sort: 'price_per_hour', gpu_memory_min: '80' },
  { sort: '-reliability_score,price_per_hour' },
  { sort: '-gpu_memory_gb,price_per_hour' },
  { sort: 'price_per_hour', compliance_tag: 'iso27001' },
];

export interface Sample {
  readonly offers: readonly MarketOffer[];
  readonly readAt: Date;
  /** True when the providers service did not answer: these are the last known ones. */
  readonly away: boolean;
}

/** The offers that a preset could choose, read again when they are a minute old. */
@Injectable()
export class MarketSample {
  private last: { offers: readonly MarketOffer[]; readAt: number } | null = null;
  private reading: Promise<void> | null = null;

  constructor(
    private readonly providers: ProvidersClient,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /** @throws ApiError SERVICE_UNAVAILABLE when the providers service is away and nothing recent is known */
  async read(figures: readonly BenchmarkFigures[]): Promise<Sample> {
    let away = false;
    if (this.last === null || Date.now() - this.last.readAt >= FRESH_MS) {
      this.reading ??= this.refresh(figures).finally(() => (this.reading = null));
      await this.reading.catch((error: unknown) => {
        away = true;
        this.logger.warn({ err: error }, 'offers cannot be read; the last known ones serve');
      });
    }
    if (this.last === null || Date.now() - this.last.readAt >= KEPT_MS)
      throw new ApiError('SERVICE_UNAVAILABLE', 'The offers cannot be read', { retryAfterSeconds: 5 });
    return { offers: this.last.offers, readAt: new Date(this.last.readAt), away };
  }

  private async refresh(figures: readonly BenchmarkFigures[]): Promise<void> {
    const models = fastestModels(figures).map((gpu_type) => ({ gpu_type, sort: 'price_per_hour' }));
    const readAt = Date.now();
    const answers = await Promise.all([...QUESTIONS, ...models].map((question) => this.ask(question)));
    const byId = new Map(answers.flat().map((offer) => [offer.id, offer]));
    this.last = { offers: [...byId.values()], readAt };
  }

  private async ask(question: Question): Promise<MarketOffer[]> {
    return marketOffers(await this.providers.get('providers', { ...question, pricing: 'on_demand', per_page: '100' }));
  }
}

const fastestModels = (figures: readonly BenchmarkFigures[]): string[] =>
  figures
    .filter(({ tflopsFp16 }) => tflopsFp16 !== null)
    .sort((a, b) => (b.tflopsFp16 ?? 0) - (a.tflopsFp16 ?? 0) || (a.gpuModel < b.gpuModel ? -1 : 1))
    .slice(0, FASTEST)
    .map(({ gpuModel }) => gpuModel);
