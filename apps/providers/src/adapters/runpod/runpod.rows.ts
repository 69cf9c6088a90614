import { OfferBatchBuilder, type OfferBatch, type StockLevel } from '@gpubroker/provider-adapter/adapter';
import { GLOBAL_REGION, identifyGpu, parseAmount, times } from '@gpubroker/provider-adapter/normalise';
import { complianceOf } from '../cloud-compliance';
import {
  RUNPOD_CLOUDS,
  RUNPOD_COUNTS,
  type RunpodCard,
  type RunpodCloud,
  type RunpodStock,
  type RunpodTier,
} from './runpod.catalogue';

type RunpodPricing = 'on_demand' | 'spot';

/** One offer per card, cloud, pricing and size. */
export function runpodBatch(cards: readonly (RunpodCard | null)[]): OfferBatch {
  const batch = new OfferBatchBuilder();
  cards.forEach((card, position) => {
    if (card === null) batch.reject('malformed', `row ${position}`, 'The row has no usable id.');
    else addCard(batch, card);
  });
  return batch.build();
}

/** gpu type | cloud | pricing | count: what bookInstance needs, and stable while the list stands. */
export function runpodOfferId(gpuId: string, cloud: RunpodCloud, pricing: RunpodPricing, count: number): string {
  return [gpuId, cloud, pricing, count].join('|');
}

function addCard(batch: OfferBatchBuilder, card: RunpodCard): void {
  const sold = RUNPOD_CLOUDS.filter((cloud) => card.tiers[cloud].sold);
  if (sold.length === 0) {
    const noCard = card.memoryGb === 0;
    const detail = noCard ? 'An entry without a card.' : 'Neither cloud sells the card.';
    batch.reject(noCard ? 'no_gpu' : 'not_for_sale', card.id, detail);
  }
  for (const cloud of sold) {
    const tier = card.tiers[cloud];
    addSizes(batch, card, cloud, 'on_demand', tier.onDemand);
    // No spot price means that there is no spot offer; the row lacks nothing.
    if (parseAmount(tier.spot) !== null) addSizes(batch, card, cloud, 'spot', tier.spot);
  }
}

function addSizes(
  batch: OfferBatchBuilder,
  card: RunpodCard,
  cloud: RunpodCloud,
  pricing: RunpodPricing,
  perGpu: unknown,
): void {
  const tier = card.tiers[cloud];
  const amount = parseAmount(perGpu);
  const name = nameOf(card);
  for (const count of RUNPOD_COUNTS.filter((size) => size <= Math.max(1, tier.maxCount))) {
    const stock = tier.stock.get(count);
    batch.add({
      provider: 'runpod',
      externalId: runpodOfferId(card.id, cloud, pricing, count),
      gpu: { name, gb: card.memoryGb ?? undefined },
      gpuCount: count,
      pricePerNodeHour: amount === null || amount === 'malformed' ? perGpu : times(amount.toFixed(), count),
      currency: 'USD',
      pricing,
      region: GLOBAL_REGION,
      availability: stockLevel(stock, count),
      cpuCores: stock?.vcpus,
      ramGb: stock?.ramGb,
      complianceTags: complianceOf('runpod').tags,
      attributes: attributesOf(card, cloud, tier, stock),
    });
  }
}

/** The id, unless only the name for people tells which card, or that it is a part of one. */
function nameOf({ id, name }: RunpodCard): string {
  const shown = identifyGpu({ name: name ?? id });
  return identifyGpu({ name: id }).match === 'unknown' || shown.fraction < 1 ? (name ?? id) : id;
}

function attributesOf(
  card: RunpodCard,
  cloud: RunpodCloud,
  tier: RunpodTier,
  stock: RunpodStock | undefined,
): Record<string, unknown> {
  return {
    upstream_id: card.id,
    display_name: card.name,
    cloud,
    max_gpu_count: tier.maxCount,
    price_includes: ['gpu', 'cpu', 'ram'],
    stock: stock?.word,
    available_gpu_counts: stock?.availableCounts,
  };
}

/** "None" is one of the words, and null means the same once the question has been asked. */
export function stockLevel(stock: RunpodStock | undefined, count: number): StockLevel {
  if (stock === undefined) return 'unknown';
  if (stock.availableCounts !== null && !stock.availableCounts.includes(count)) return 'unavailable';
  switch (stock.word?.toLowerCase()) {
    case 'high':
    case 'medium':
      return 'available';
    case 'low':
      return 'limited';
    case 'none':
    case undefined:
      return 'unavailable';
    default:
      return 'unknown';
  }
}
