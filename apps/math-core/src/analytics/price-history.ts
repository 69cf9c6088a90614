import { Injectable } from '@nestjs/common';
import { ApiError } from '@gpubroker/platform/errors';
import { InjectLogger } from '@gpubroker/platform/logging';
import type { Logger } from 'pino';
import { z } from 'zod';
import { listedOffers } from '../market/listed-offer';
import { QUOTE_CURRENCY } from '../market/price-quote';
import { ProvidersClient, RefusedByProvidersError } from '../market/providers-client';
import { medianOf } from './median-series';
import { ordered, type PricePoint } from './price-series';

const historySchema = z.object({
  currency: z.string(),
  items: z.array(z.object({ recorded_at: z.iso.datetime(), price_per_hour: z.number().nonnegative() })),
});

export interface History {
  readonly series: readonly PricePoint[];
  readonly currency: string;
}

/** Offers whose histories make up that of a GPU. */
const MOST_OFFERS = 20;

/** Recorded prices, from the providers service. */
@Injectable()
export class PriceHistory {
  constructor(
    private readonly providers: ProvidersClient,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /** @throws ApiError NOT_FOUND for an offer nobody knows, SERVICE_UNAVAILABLE while providers is away */
  async ofOffer(offerId: string, now: number): Promise<History> {
    const answer = await this.ask(`providers/${encodeURIComponent(offerId)}/history`);
    return untilNow(historySchema.parse(answer), now);
  }

  /**
   * Median over the cheapest on-demand offers of a model, each as it was recorded.
   * @throws ApiError NOT_FOUND when nobody sells it, SERVICE_UNAVAILABLE while providers is away
   */
  async ofGpu(gpuModel: string, now: number): Promise<History> {
    const query = { gpu_type: gpuModel, pricing: 'on_demand', sort: 'price_per_hour', per_page: '100' };
    const offers = listedOffers(await this.ask('providers', query))
      .filter((offer) => offer.gpu_type === gpuModel && offer.currency === QUOTE_CURRENCY)
      .slice(0, MOST_OFFERS);
    if (offers.length === 0) throw new ApiError('NOT_FOUND', 'Nobody sells this GPU on demand now');
    const histories = await Promise.all(offers.map(({ id }) => this.ofOffer(id, now)));
    return { series: medianOf(histories.map(({ series }) => series)), currency: QUOTE_CURRENCY };
  }

  private async ask(path: string, query?: Record<string, string>): Promise<unknown> {
    try {
      return await this.providers.get(path, query);
    } catch (error) {
      if (error instanceof RefusedByProvidersError) throw new ApiError('NOT_FOUND', 'No such offer', { cause: error });
      this.logger.warn({ err: error }, 'price histories cannot be read');
      throw new ApiError('SERVICE_UNAVAILABLE', 'Price histories cannot be read now', { cause: error });
    }
  }
}

/** The last recorded price holds until now. */
function untilNow({ currency, items }: z.infer<typeof historySchema>, now: number): History {
  const points = items.map(({ recorded_at: at, price_per_hour: value }) => ({ at: Date.parse(at), value }));
  const series = ordered(points);
  const last = series.at(-1);
  if (last === undefined) throw new ApiError('NOT_FOUND', 'This offer has no recorded prices');
  return { currency, series: last.at < now ? [...series, { at: now, value: last.value }] : series };
}
