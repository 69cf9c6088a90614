import type { OfferSource } from '@gpubroker/contracts/offers';
import type { ListedOffer } from './listed-offer';

/** What a GPU of one model costs at the clouds, in currency per GPU-hour. */
export interface PriceQuote {
  readonly gpuModel: string;
  readonly currency: string;
  readonly lowest: number;
  /** Median of the cheapest hundred offers at most. */
  readonly typical: number;
  readonly offers: number;
  readonly sources: readonly OfferSource[];
  /** The oldest observation among them. */
  readonly observedAt: Date;
}

/** Budgets and estimates are in one currency: what is sold in another is left out rather than converted. */
export const QUOTE_CURRENCY = 'USD';

/**
 * From offers that can be had and whose price one goes on paying; live ones only, where there are any.
 * @returns null when none is left
 */
export function priceQuote(gpuModel: string, offers: readonly ListedOffer[]): PriceQuote | null {
  const usable = offers.filter(
    (offer) =>
      offer.gpu_type === gpuModel &&
      offer.currency === QUOTE_CURRENCY &&
      offer.availability_status !== 'unavailable' &&
      offer.pricing !== 'bid' &&
      !offer.stale,
  );
  const real = usable.filter(({ source }) => source !== 'emulator');
  const chosen = real.length > 0 ? real : usable;
  const prices = chosen.map(({ price_per_hour: price }) => price).sort((a, b) => a - b);
  const [lowest] = prices;
  if (lowest === undefined) return null;
  return {
    gpuModel,
    currency: QUOTE_CURRENCY,
    lowest,
    typical: prices[Math.floor((prices.length - 1) / 2)] ?? lowest,
    offers: prices.length,
    sources: [...new Set(chosen.map(({ source }) => source))].sort(),
    observedAt: new Date(Math.min(...chosen.map(({ observed_at: at }) => Date.parse(at)))),
  };
}
