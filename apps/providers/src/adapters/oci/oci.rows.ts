import { OfferBatchBuilder, type OfferBatch, type RejectionReason } from '@gpubroker/provider-adapter/adapter';
import { decimal, GLOBAL_REGION, parseAmount, times } from '@gpubroker/provider-adapter/normalise';
import { z } from 'zod';
import { complianceOf } from '../cloud-compliance';
import { amount, flag, list, price, text } from '../upstream-fields';
import { OCI_CARDS, ociCardText, type OciCard, type OciShape } from './oci.shapes';

export const ociPriceList = z.object({
  items: z.array(z.unknown()),
  lastUpdated: text,
  hasMore: flag,
});

const ociPrice = z.object({
  model: text,
  value: price,
  rangeMin: amount,
});
const ociItem = z.object({
  partNumber: z.string().min(1),
  displayName: z.string().min(1),
  metricName: text,
  serviceCategory: text,
  currencyCodeLocalizations: list(z.object({ currencyCode: text, prices: list(ociPrice) })),
});
type OciItem = z.output<typeof ociItem>;

/** One offer per shape that a GPU price is for. One price holds in all commercial regions. */
export function ociBatch(items: readonly unknown[]): OfferBatch {
  const batch = new OfferBatchBuilder();
  items.forEach((raw, position) => {
    const read = ociItem.safeParse(raw);
    if (!read.success) {
      batch.reject('malformed', `item ${position}`, 'The item has no part number or no name.');
      return;
    }
    const problem = problemOf(read.data);
    if (problem !== null) batch.reject(problem[0], rowName(read.data), problem[1]);
    else addItem(batch, read.data);
  });
  return batch.build();
}

/** Licences, appliances and commitments stand in the same list, some with the metric and the category of a rental. */
function problemOf(item: OciItem): readonly [RejectionReason, string] | null {
  const category = item.serviceCategory ?? '';
  if (/\bAI Enterprise\b|\blicen[cs]e/i.test(item.displayName)) {
    return ['unsupported_product', 'A software licence that is counted per GPU, not the GPU.'];
  }
  if (/cloud@customer|vmware|roving edge/i.test(`${category} ${item.displayName}`)) {
    return ['unsupported_product', 'Not a machine of the public cloud.'];
  }
  if (/\bcommit\b/i.test(item.displayName)) return ['unsupported_product', 'A price under a commitment.'];
  if (!/\bGPU\b/.test(item.displayName)) return ['no_gpu', 'No GPU.'];
  if (!/\bcompute\b/i.test(item.displayName)) return ['unsupported_product', 'Counted per GPU, and no machine.'];
  if (!/^gpu per hour$/i.test(item.metricName ?? '')) return ['unsupported_product', 'Not priced per GPU and hour.'];
  if (!/^compute - gpu\b/i.test(category)) return ['unsupported_product', 'Not a product of the GPU category.'];
  return null;
}

function addItem(batch: OfferBatchBuilder, item: OciItem): void {
  const name = ociCardText(item.displayName);
  if (name === null) {
    batch.reject('missing_field', rowName(item), 'The name says no card.');
    return;
  }
  const card = OCI_CARDS.get(name.toLowerCase()) ?? null;
  // The price is per GPU, and of a card that is not in the table nobody knows how many stand in a machine.
  if (card === null) addOffer(batch, item, name, null, null);
  else for (const shape of card.shapes) addOffer(batch, item, name, card, shape);
}

function addOffer(
  batch: OfferBatchBuilder,
  item: OciItem,
  name: string,
  card: OciCard | null,
  shape: OciShape | null,
): void {
  const perGpu = payAsYouGo(item);
  const gpuCount = shape?.gpuCount ?? 1;
  batch.add({
    provider: 'oci',
    externalId: `${item.partNumber}|${shape?.name ?? 'gpu'}|on_demand`,
    gpu: { name: card?.gpu ?? name, gb: card?.memoryGb, form: card?.form },
    upstreamGpuName: name,
    gpuCount,
    pricePerNodeHour: nodePriceOf(perGpu.value, gpuCount),
    currency: perGpu.currency,
    pricing: 'on_demand',
    region: GLOBAL_REGION,
    // A price list: it says nothing about stock.
    availability: 'unknown',
    cpuCores: shape?.vcpus,
    ramGb: shape?.ramGb,
    complianceTags: complianceOf('oci').tags,
    attributes: {
      upstream_id: item.partNumber,
      product_name: item.displayName,
      shape: shape?.name,
      node_size_unknown: shape === null ? true : null,
      price_unit: 'per_gpu',
      // A GPU's price holds its part of the machine; boot and block volumes are apart.
      price_includes: ['gpu', 'cpu', 'ram'],
      price_excludes: ['disk'],
      price_scope: 'all commercial regions',
    },
  });
}

/**
 * Of the pay-as-you-go tiers the first that costs something. They come in any order and may begin with a free one, so the
 * first of the list says nothing.
 */
function payAsYouGo(item: OciItem): { value: unknown; currency: string } {
  const lists = item.currencyCodeLocalizations ?? [];
  const list = lists.find(({ currencyCode }) => currencyCode === 'USD') ?? lists[0];
  const tiers = (list?.prices ?? [])
    .filter(({ model }) => model === 'PAY_AS_YOU_GO')
    .sort((one, other) => (one.rangeMin ?? 0) - (other.rangeMin ?? 0));
  const paid = tiers.find(({ value }) => !isFree(value));
  return { value: (paid ?? tiers[0])?.value, currency: list?.currencyCode ?? 'USD' };
}

function isFree(value: unknown): boolean {
  const amount = parseAmount(value);
  return amount !== 'malformed' && (amount === null || amount.eq(decimal(0)));
}

/** What is no amount is passed on to be rejected as such. */
function nodePriceOf(perGpu: unknown, gpuCount: number): unknown {
  const amount = parseAmount(perGpu);
  return amount === null || amount === 'malformed' ? perGpu : times(amount.toFixed(), gpuCount);
}

function rowName(item: OciItem): string {
  return `${item.partNumber} ${item.displayName}`;
}
