import { z } from 'zod';
import type { Market, Quote } from '../../market/market';
import { usdNumber } from '../../market/money';
import type { GraphqlNode } from './graphql-projection';
import { GraphqlError } from './graphql-reader';
import { dataCentersOf } from './runpod.products';
import { lotId, type RunpodCard, type RunpodTier, sells } from './runpod.reference';

const input = z.object({
  gpuCount: z.number().int().min(1).default(1),
  secureCloud: z.boolean().nullish(),
  dataCenterId: z.string().nullish(),
  countryCode: z.string().nullish(),
  minMemoryInGb: z.number().nullish(),
  minVcpuCount: z.number().nullish(),
  minCudaVersion: z.string().nullish(),
  minDisk: z.number().nullish(),
  totalDisk: z.number().nullish(),
});

const VCPUS_PER_GPU = 16;
const RAM_GB_PER_GPU = 62;

/** What asking for a card and a count answers: the cheapest of the asked tiers, with its stock. Prices are per GPU. */
export function lowestPrice(card: RunpodCard, market: Market, args: Readonly<Record<string, unknown>>): GraphqlNode {
  const read = input.safeParse(args.input ?? {});
  if (!read.success) throw new GraphqlError(z.prettifyError(read.error), 'GRAPHQL_VALIDATION_FAILED');
  const { gpuCount, secureCloud, dataCenterId, countryCode } = read.data;
  const place = dataCentersOf(card).find(
    (center) => (!dataCenterId || center.id === dataCenterId) && (!countryCode || center.countryCode === countryCode),
  );
  const quote = cheapest(card, market, tiersOf(secureCloud ?? null));
  if (place === undefined || quote === undefined || gpuCount > card.maxGpuCount) return nothing();
  const counts = availableCounts(quote.onDemand.free, card.maxGpuCount);
  return {
    __typename: 'LowestPrice',
    gpuName: card.displayName,
    gpuTypeId: card.id,
    minimumBidPrice: quote.spot === undefined ? null : usdNumber(quote.spot.price),
    uninterruptablePrice: usdNumber(quote.onDemand.price),
    minVcpu: VCPUS_PER_GPU * gpuCount,
    minMemory: RAM_GB_PER_GPU * gpuCount,
    stockStatus: stockStatus(quote.onDemand, gpuCount),
    availableGpuCounts: counts,
    maxUnreservedGpuCount: counts.at(-1) ?? 0,
    countryCode: place.countryCode,
  };
}

/** The words of the API; "None" is one of them, beside null for a card that is not sold there at all. */
export function stockStatus(pool: Quote, gpuCount: number): 'High' | 'Medium' | 'Low' | 'None' {
  if (pool.free < gpuCount) return 'None';
  const full = pool.free / pool.plan.capacity;
  if (full > 0.66) return 'High';
  return full > 0.33 ? 'Medium' : 'Low';
}

function tiersOf(secureCloud: boolean | null): readonly RunpodTier[] {
  if (secureCloud === null) return ['secure', 'community'];
  return secureCloud ? ['secure'] : ['community'];
}

function cheapest(card: RunpodCard, market: Market, tiers: readonly RunpodTier[]) {
  const offered = tiers
    .filter((tier) => sells(card, tier))
    .flatMap((tier) => {
      const onDemand = market.quote(lotId(card, tier, 'on_demand'));
      return onDemand === undefined ? [] : [{ onDemand, spot: market.quote(lotId(card, tier, 'spot')) }];
    });
  return offered.sort((a, b) => a.onDemand.price - b.onDemand.price)[0];
}

/** Every count that still fits: not only powers of two. */
function availableCounts(free: number, maxGpuCount: number): number[] {
  return Array.from({ length: Math.min(free, maxGpuCount) }, (_, count) => count + 1);
}

function nothing(): GraphqlNode {
  return {
    __typename: 'LowestPrice',
    gpuName: null,
    gpuTypeId: null,
    minimumBidPrice: null,
    uninterruptablePrice: null,
    minVcpu: null,
    minMemory: null,
    stockStatus: null,
    availableGpuCounts: [],
    maxUnreservedGpuCount: 0,
    countryCode: null,
  };
}
