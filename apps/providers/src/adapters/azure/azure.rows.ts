import { OfferBatchBuilder, type OfferBatch, type RejectionReason } from '@gpubroker/provider-adapter/adapter';
import { gbFrom, regionCode } from '@gpubroker/provider-adapter/normalise';
import { z } from 'zod';
import { complianceOf } from '../cloud-compliance';
import { flag, price, text } from '../upstream-fields';
import { isRestrictedRegion } from './azure.regions';
import { azureSize, isGpuSize, type AzureSize } from './azure.sizes';

export const azurePage = z.object({
  Items: z.array(z.unknown()),
  NextPageLink: text,
});

const azureItem = z.object({
  armSkuName: z.string(),
  armRegionName: z.string(),
  retailPrice: price,
  unitOfMeasure: text,
  meterName: text,
  skuName: text,
  productName: text,
  serviceName: text,
  type: text,
  currencyCode: text,
  effectiveStartDate: text,
  isPrimaryMeterRegion: flag,
});
type AzureItem = z.output<typeof azureItem>;

/** Turns the items of all pages into offers. An item that stands on two pages counts once. */
export function azureBatch(items: readonly unknown[]): OfferBatch {
  const batch = new OfferBatchBuilder();
  const candidates = new Map<string, { item: AzureItem; size: AzureSize }>();
  const seen = new Set<string>();
  items.forEach((raw, position) => {
    const read = azureItem.safeParse(raw);
    if (!read.success) {
      batch.reject('malformed', `item ${position}`, 'The item has no size or no region.');
      return;
    }
    const item = read.data;
    const identity = JSON.stringify(item);
    if (seen.has(identity)) return;
    seen.add(identity);
    const size = azureSize(item.armSkuName);
    const problem = problemOf(item, size);
    if (problem !== null || size === null) {
      batch.reject(problem?.[0] ?? 'missing_field', rowName(item), problem?.[1] ?? '');
      return;
    }
    const id = externalIdOf(item);
    const other = candidates.get(id);
    if (other !== undefined) batch.reject('duplicate', id, 'Another meter of the same size, region and kind stands.');
    if (other === undefined || supersedes(item, other.item)) candidates.set(id, { item, size });
  });
  for (const [id, { item, size }] of candidates) addOffer(batch, id, item, size);
  return batch.build();
}

type Problem = readonly [RejectionReason, string];

/** Kind and purpose of a meter stand only in its texts, which are spelled by no rule. */
function problemOf(item: AzureItem, size: AzureSize | null): Problem | null {
  const product = item.productName ?? '';
  const meter = `${item.meterName ?? ''} ${item.skuName ?? ''}`;
  if (!isGpuSize(item.armSkuName)) return ['no_gpu', 'Not a GPU size.'];
  if (isRestrictedRegion(item.armRegionName)) return ['restricted_region', 'A government or sovereign region.'];
  if (/\bwin(?:dows)?\b/i.test(product)) return ['unsupported_product', 'Includes a Windows licence.'];
  if (meter.trim() === '')
    return ['missing_field', 'No name says whether the price is of spot or of the retired batch mode.'];
  if (/\blow priority\b/i.test(meter)) return ['unsupported_product', 'Low Priority is the retired batch mode.'];
  if (/dedicated|cloud ?services/i.test(product)) return ['unsupported_product', 'Not a virtual machine by the hour.'];
  const type = item.type ?? 'Consumption';
  // A Reservation says "1 Hour" too, and prices the whole term.
  if (!/^consumption$/i.test(type)) return ['unsupported_product', `A ${type} price.`];
  if (!/^1 hour$/i.test(item.unitOfMeasure ?? '1 Hour')) return ['unsupported_product', 'Not priced by the hour.'];
  if (size === null) return ['missing_field', 'A GPU size that is not in the table: its card and count are not known.'];
  return null;
}

function addOffer(batch: OfferBatchBuilder, externalId: string, item: AzureItem, size: AzureSize): void {
  batch.add({
    provider: 'azure',
    externalId,
    gpu: { name: size.gpu, gb: size.gpuMemoryGb },
    gpuCount: size.gpuCount,
    pricePerNodeHour: item.retailPrice,
    currency: item.currencyCode ?? 'USD',
    pricing: pricingOf(item),
    region: regionCode(item.armRegionName),
    // A price list: it says nothing about stock.
    availability: 'unknown',
    cpuCores: size.vcpus,
    ramGb: gbFrom(size.ramGib, 'GiB'),
    complianceTags: complianceOf('azure').tags,
    attributes: {
      upstream_id: item.armSkuName,
      product_name: item.productName,
      meter_name: item.meterName,
      price_includes: ['gpu', 'cpu', 'ram'],
      price_effective_from: item.effectiveStartDate,
    },
  });
}

function pricingOf(item: AzureItem): 'spot' | 'on_demand' {
  return /\bspot\b/i.test(`${item.meterName ?? ''} ${item.skuName ?? ''}`) ? 'spot' : 'on_demand';
}

function externalIdOf(item: AzureItem): string {
  return [item.armSkuName, regionCode(item.armRegionName), pricingOf(item)].join('|');
}

function rowName(item: AzureItem): string {
  return [item.armSkuName, item.armRegionName, item.meterName ?? '', item.type ?? ''].join('|');
}

/** Of two meters for one thing: the primary one, then the later one, then the cheaper one. */
function supersedes(item: AzureItem, other: AzureItem): boolean {
  const primary = Number(item.isPrimaryMeterRegion !== false) - Number(other.isPrimaryMeterRegion !== false);
  if (primary !== 0) return primary > 0;
  const later = (item.effectiveStartDate ?? '').localeCompare(other.effectiveStartDate ?? '');
  if (later !== 0) return later > 0;
  return Number(item.retailPrice) > 0 && Number(item.retailPrice) < Number(other.retailPrice);
}
