import type { Market } from '../../market/market';
import { microUsd, usdNumber } from '../../market/money';
import type { GraphqlNode } from './graphql-projection';
import { lowestPrice } from './lowest-price';
import { dataCentersOf } from './runpod.products';
import { lotId, type RunpodCard, type RunpodTier, sells } from './runpod.reference';

/** A cluster costs 1.2 × the secure price. */
const CLUSTER_TENTHS = 12;

/** One entry of gpuTypes. A tier that does not sell the card shows its filler or left-over price beside a false flag. */
export function gpuTypeNode(card: RunpodCard, market: Market): GraphqlNode {
  const secure = onDemandPrice(card, market, 'secure');
  const sellsSecure = sells(card, 'secure');
  return {
    __typename: 'GpuType',
    id: card.id,
    displayName: card.displayName,
    manufacturer: card.id.startsWith('AMD') ? 'AMD' : 'Nvidia',
    memoryInGb: card.memoryInGb,
    maxGpuCount: card.maxGpuCount,
    maxGpuCountSecureCloud: sellsSecure ? card.maxGpuCount : 0,
    maxGpuCountCommunityCloud: sells(card, 'community') ? Math.ceil(card.maxGpuCount / 2) : 0,
    secureCloud: sellsSecure,
    communityCloud: sells(card, 'community'),
    securePrice: usdNumber(secure),
    communityPrice: usdNumber(onDemandPrice(card, market, 'community')),
    secureSpotPrice: spotPrice(card, market, 'secure'),
    communitySpotPrice: spotPrice(card, market, 'community'),
    clusterPrice: usdNumber((secure * CLUSTER_TENTHS) / 10),
    oneWeekPrice: null,
    oneMonthPrice: null,
    threeMonthPrice: null,
    sixMonthPrice: null,
    nodeGroupDatacenters:
      card.maxGpuCount === 8 && sellsSecure
        ? dataCentersOf(card).map(({ id }) => ({ __typename: 'DataCenter', id, name: id }))
        : [],
    lowestPrice: (args: Readonly<Record<string, unknown>>) => lowestPrice(card, market, args),
  };
}

/** A pseudo-card stands in the list: no memory, no price, sold nowhere. */
export function unknownGpuTypeNode(): GraphqlNode {
  return {
    __typename: 'GpuType',
    id: 'unknown',
    displayName: 'unknown',
    manufacturer: 'unknown',
    memoryInGb: 0,
    maxGpuCount: 1,
    maxGpuCountSecureCloud: 0,
    maxGpuCountCommunityCloud: 0,
    secureCloud: false,
    communityCloud: false,
    securePrice: 0,
    communityPrice: 0,
    secureSpotPrice: null,
    communitySpotPrice: null,
    clusterPrice: 0,
    oneWeekPrice: null,
    oneMonthPrice: null,
    threeMonthPrice: null,
    sixMonthPrice: null,
    nodeGroupDatacenters: [],
    lowestPrice: null,
  };
}

function onDemandPrice(card: RunpodCard, market: Market, tier: RunpodTier): number {
  return market.quote(lotId(card, tier, 'on_demand'))?.price ?? microUsd(card.price[tier]);
}

function spotPrice(card: RunpodCard, market: Market, tier: RunpodTier): number | null {
  const quote = market.quote(lotId(card, tier, 'spot'));
  if (quote !== undefined) return usdNumber(quote.price);
  const leftOver = card.spot[tier];
  return leftOver === null ? null : usdNumber(microUsd(leftOver));
}
