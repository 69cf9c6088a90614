import { OfferBatchBuilder, type OfferBatch } from '@gpubroker/provider-adapter/adapter';
import { parseAmount } from '@gpubroker/provider-adapter/normalise';
import { complianceOf } from '../cloud-compliance';
import type { SummaryAnswer, SummaryPrices } from './primeintellect.answers';
import { primeintellectRegion, roundedPrice } from './primeintellect.rows';

/** Stands among the regions, and is none: its two prices may come from two of them. */
const NO_REGION = 'cheapest';

/**
 * The cheapest price per card, count and region. It merges SXM with PCIe and names no upstream cloud, so that its offers
 * can be compared but not booked.
 */
export function primeintellectSummaryBatch(summary: SummaryAnswer): OfferBatch {
  const batch = new OfferBatchBuilder();
  for (const [gpuType, counts] of Object.entries(summary)) {
    for (const [count, regions] of Object.entries(counts)) {
      for (const [region, prices] of Object.entries(regions)) {
        if (region !== NO_REGION) addRegion(batch, gpuType, Number(count), region, prices);
      }
    }
  }
  return batch.build();
}

function addRegion(
  batch: OfferBatchBuilder,
  gpuType: string,
  gpuCount: number,
  region: string,
  prices: SummaryPrices,
): void {
  const kinds = [
    ['on_demand', 'secure_cloud', prices.onDemand],
    ['on_demand', 'community_cloud', prices.communityPrice],
    ['spot', null, prices.spotPrice],
  ] as const;
  for (const [pricing, cloud, price] of kinds) {
    // No price means that there is no such product here; the row lacks nothing.
    if (parseAmount(price) === null) continue;
    batch.add({
      provider: 'primeintellect',
      externalId: ['summary', gpuType, gpuCount, region, cloud ?? '', pricing].join('|'),
      gpu: { name: gpuType },
      gpuCount,
      pricePerNodeHour: roundedPrice(price),
      currency: 'USD',
      pricing,
      region: primeintellectRegion(region),
      availability: 'unknown',
      complianceTags: complianceOf('primeintellect').tags,
      attributes: { cloud, cheapest_of_region: true, bookable: false },
    });
  }
}
