import { Injectable } from '@nestjs/common';
import type { MacroRegion } from '@gpubroker/contracts/offers';
import { InjectLogger } from '@gpubroker/platform/logging';
import type { Logger } from 'pino';
import { listedOffers } from './listed-offer';
import { priceQuote, type PriceQuote } from './price-quote';
import { ProvidersClient } from './providers-client';

/** A minute, as long as the list's own cache lives. */
const FRESH_MS = 60_000;
/** Older prices are no estimate of today's. */
const KEPT_MS = 24 * 3_600_000;
const MAX_ENTRIES = 1_000;

interface Entry {
  readonly quote: PriceQuote | null;
  readonly readAt: number;
}

export interface Quotes {
  /** By GPU model; a model that nobody sells is missing. */
  readonly byModel: ReadonlyMap<string, PriceQuote>;
  /** True when the providers service did not answer: the quotes are the last known ones. */
  readonly away: boolean;
}

/** Today's prices by GPU model and region, from the providers service; the last known ones while it is away. */
@Injectable()
export class PriceBook {
  private readonly entries = new Map<string, Entry>();
  /** Questions under way, which everybody who wants the same shares. */
  private readonly asking = new Map<string, Promise<PriceQuote | null>>();

  constructor(
    private readonly providers: ProvidersClient,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /** Never rejects. */
  async quotes(gpuModels: readonly string[], region: MacroRegion | null): Promise<Quotes> {
    let away = false;
    const found = await Promise.all(
      gpuModels.map(async (gpuModel) => {
        try {
          return await this.quote(gpuModel, region);
        } catch (error) {
          if (!away) this.logger.warn({ err: error }, 'prices cannot be read; the last known ones serve');
          away = true;
          return this.lastKnown(gpuModel, region);
        }
      }),
    );
    const quotes = found.filter((quote) => quote !== null);
    return { byModel: new Map(quotes.map((quote) => [quote.gpuModel, quote])), away };
  }

  private async quote(gpuModel: string, region: MacroRegion | null): Promise<PriceQuote | null> {
    const key = keyOf(gpuModel, region);
    const known = this.entries.get(key);
    if (known !== undefined && Date.now() - known.readAt < FRESH_MS) return known.quote;
    const underWay = this.asking.get(key) ?? this.ask(gpuModel, region, key).finally(() => this.asking.delete(key));
    this.asking.set(key, underWay);
    return underWay;
  }

  private async ask(gpuModel: string, region: MacroRegion | null, key: string): Promise<PriceQuote | null> {
    const answer = await this.providers.get('providers', {
      gpu_type: gpuModel,
      pricing: 'on_demand',
      sort: 'price_per_hour',
      per_page: '100',
      ...(region !== null && { region }),
    });
    const quote = priceQuote(gpuModel, listedOffers(answer));
    this.keep(key, { quote, readAt: Date.now() });
    return quote;
  }

  private lastKnown(gpuModel: string, region: MacroRegion | null): PriceQuote | null {
    const known = this.entries.get(keyOf(gpuModel, region));
    return known !== undefined && Date.now() - known.readAt < KEPT_MS ? known.quote : null;
  }

  /** The names come from the benchmark table, yet nothing here may grow without end. */
  private keep(key: string, entry: Entry): void {
    this.entries.delete(key);
    this.entries.set(key, entry);
    const [oldest] = this.entries.keys();
    if (this.entries.size > MAX_ENTRIES && oldest !== undefined) this.entries.delete(oldest);
  }
}

const keyOf = (gpuModel: string, region: MacroRegion | null): string => `${gpuModel} ${region ?? ''}`;
