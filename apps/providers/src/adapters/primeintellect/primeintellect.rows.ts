import { OfferBatchBuilder, type OfferBatch, type StockLevel } from '@gpubroker/provider-adapter/adapter';
import {
  gbFrom,
  identifyGpu,
  parseAmount,
  regionCode,
  type GpuForm,
  type GpuReport,
} from '@gpubroker/provider-adapter/normalise';
import { z } from 'zod';
import { complianceOf } from '../cloud-compliance';
import { priceOfParts, type SoldPart } from '../price-of-parts';
import { amount, flag, identifier, part, price, text } from '../upstream-fields';

const sold = part({
  minCount: amount,
  defaultCount: amount,
  maxCount: amount,
  pricePerUnit: price,
  defaultIncludedInPrice: flag,
});
type Part = z.output<typeof sold>;

const availabilityRow = z.object({
  cloudId: identifier,
  gpuType: z.string().min(1),
  socket: text,
  provider: z.string().min(1),
  region: text,
  dataCenter: text,
  country: text,
  gpuCount: amount,
  gpuMemory: amount,
  disk: sold,
  vcpu: sold,
  memory: sold,
  internetSpeed: amount,
  interconnect: amount,
  interconnectType: text,
  provisioningTime: amount,
  stockStatus: text,
  security: text,
  prices: part({ onDemand: price, communityPrice: price, isVariable: flag, currency: text }),
  isSpot: flag,
  prepaidTime: amount,
});
export type PrimeintellectRow = z.output<typeof availabilityRow>;

/** Digits to which prices are given upstream; the rest is what binary fractions add (2.8499999999999996). */
const PRICE_DIGITS = 6;

export function primeintellectBatch(rows: readonly unknown[]): OfferBatch {
  const batch = new OfferBatchBuilder();
  rows.forEach((raw, position) => {
    const read = availabilityRow.safeParse(raw);
    if (!read.success) batch.reject('malformed', `row ${position}`, 'The row has no cloud id, GPU type or provider.');
    else addRow(batch, read.data);
  });
  return batch.build();
}

function addRow(batch: OfferBatchBuilder, row: PrimeintellectRow): void {
  const externalId = primeintellectOfferId(row);
  const gpuCount = row.gpuCount ?? 0;
  if (gpuCount === 0) batch.reject('no_gpu', externalId, 'The configuration has no GPU.');
  else if (!Number.isInteger(gpuCount) || gpuCount < 0) {
    batch.reject('out_of_range', externalId, 'That is no number of GPUs.');
  } else {
    const nodePrice = roundedPrice(priceOf(row));
    batch.add({
      provider: 'primeintellect',
      externalId,
      gpu: gpuOf(row, gpuCount),
      gpuCount,
      pricePerNodeHour: nodePrice,
      currency: row.prices?.currency ?? 'USD',
      pricing: row.isSpot === true ? 'spot' : 'on_demand',
      region: regionOf(row),
      availability: stockLevel(row.stockStatus),
      cpuCores: row.vcpu?.defaultCount,
      ramGb: gbFrom(row.memory?.defaultCount, 'GB'),
      storageGb: gbFrom(row.disk?.defaultCount, 'GB'),
      complianceTags: complianceOf('primeintellect').tags,
      attributes: attributesOf(row, nodePrice),
    });
  }
}

function attributesOf(row: PrimeintellectRow, nodePrice: unknown): Record<string, unknown> {
  const extra = extraParts(row);
  const own = parseAmount(nodePrice);
  const all = own !== null && own !== 'malformed' && extra.length > 0 ? priceOfParts(own.toFixed(), extra) : null;
  return {
    upstream_id: row.cloudId,
    upstream_cloud: row.provider,
    data_center: row.dataCenter,
    country: row.country,
    cloud: row.security,
    socket: row.socket,
    socket_unusual: hasWrongSocket(row) ? true : null,
    gpu_memory_total_gb: row.gpuMemory,
    stock: row.stockStatus,
    price_includes: includedParts(row),
    // vCPU, RAM or disk that the smallest bill holds too, at their default sizes.
    price_excludes: all?.includes.filter((name) => name !== 'gpu'),
    price_with_default_size: all?.total,
    price_variable: row.prices?.isVariable,
    minimum_prepaid_hours: row.prepaidTime,
    disk_usd_per_gb_hour: row.disk?.pricePerUnit,
    disk_max_gb: row.disk?.maxCount,
    internet_mbps: row.internetSpeed,
    interconnect_gbps: row.interconnect,
    interconnect_type: row.interconnectType,
    provisioning_minutes: row.provisioningTime,
  };
}

/** Everything that bookInstance sends; the cloud id alone stands for several data centres, sizes and both clouds. */
function primeintellectOfferId(row: PrimeintellectRow): string {
  const kind = row.isSpot === true ? 'spot' : 'on_demand';
  return [
    row.provider,
    row.cloudId,
    row.gpuType,
    row.socket ?? '',
    row.gpuCount ?? 0,
    row.dataCenter ?? '',
    row.country ?? '',
    row.security ?? '',
    kind,
  ].join('|');
}

/** A community row has its price in communityPrice and none in onDemand. */
function priceOf({ prices, security }: PrimeintellectRow): unknown {
  const both = [prices?.onDemand, prices?.communityPrice];
  if (security?.toLowerCase() === 'community_cloud') both.reverse();
  return both.find((one) => parseAmount(one) !== null);
}

export function roundedPrice(value: unknown): unknown {
  const read = parseAmount(value);
  return read === null || read === 'malformed' ? value : read.toDecimalPlaces(PRICE_DIGITS).toFixed();
}

/**
 * gpuMemory is the total of the configuration. Read per GPU it would make an 8 × A100 a card of 640 GB; the other reading
 * is tried only where the total is no sum of such cards, in case a row counts per GPU after all.
 */
function gpuOf(row: PrimeintellectRow, gpuCount: number): GpuReport {
  const report = (gb: number | undefined): GpuReport => ({ name: row.gpuType, gb, form: formOf(row.socket) });
  if (row.gpuMemory === null || row.gpuMemory === undefined) return report(undefined);
  const share = report(row.gpuMemory / gpuCount);
  const whole = report(row.gpuMemory);
  return identifyGpu(share).oddMemory && !identifyGpu(whole).oddMemory ? whole : share;
}

export function formOf(socket: string | null | undefined): GpuForm | null {
  if (/^sxm\d?$/i.test(socket ?? '')) return 'SXM';
  return /^pcie$/i.test(socket ?? '') ? 'PCIE' : null;
}

/** Generations of the socket that a card was built for. */
const SOCKETS: Readonly<Record<string, readonly string[]>> = {
  V100: ['SXM2', 'SXM3'],
  A100: ['SXM4'],
  H100: ['SXM5'],
  H200: ['SXM5'],
};

function hasWrongSocket({ gpuType, socket }: PrimeintellectRow): boolean {
  const known = SOCKETS[identifyGpu({ name: gpuType }).gpuFamily ?? ''];
  return known !== undefined && /^sxm\d$/i.test(socket ?? '') && !known.includes((socket ?? '').toUpperCase());
}

/** Of its words for parts of the world those two that others write differently. */
const REGIONS: Readonly<Record<string, string>> = { united_states: 'us', south_america: 'southamerica' };

export function primeintellectRegion(region: string | null | undefined): string {
  return REGIONS[region ?? ''] ?? regionCode(region);
}

/** Country first, as in other places' codes; a data centre that names its country already stays as it is. */
function regionOf({ dataCenter, country, region }: PrimeintellectRow): string {
  const center = regionCode(dataCenter);
  const land = regionCode(country);
  if (land === 'global') return center === 'global' ? primeintellectRegion(region) : center;
  if (center === 'global') return land;
  return center === land || center.startsWith(`${land}-`) ? center : `${land}-${center}`;
}

export function stockLevel(word: string | null | undefined): StockLevel {
  switch (word?.toLowerCase()) {
    case 'available':
    case 'high':
    case 'medium':
      return 'available';
    case 'low':
      return 'limited';
    case 'unavailable':
      return 'unavailable';
    default:
      return 'unknown';
  }
}

/** RunPod's rows hold their default disk although they say that they do not: added again it would count twice. */
function isInside(row: PrimeintellectRow, name: SoldPart['name'], sold: Part): boolean {
  if (name === 'disk' && row.provider.toLowerCase() === 'runpod') return true;
  return sold?.defaultIncludedInPrice !== false || sold.pricePerUnit === null || sold.pricePerUnit === undefined;
}

function partsOf(row: PrimeintellectRow): readonly (readonly [SoldPart['name'], Part])[] {
  return [
    ['cpu', row.vcpu],
    ['ram', row.memory],
    ['disk', row.disk],
  ];
}

function includedParts(row: PrimeintellectRow): string[] {
  const inside = partsOf(row).filter(
    ([name, sold]) => sold?.defaultCount !== null && sold?.defaultCount !== undefined && isInside(row, name, sold),
  );
  return ['gpu', ...inside.map(([name]) => name)];
}

function extraParts(row: PrimeintellectRow): SoldPart[] {
  return partsOf(row)
    .filter(([name, sold]) => !isInside(row, name, sold))
    .map(([name, sold]) => ({ name, units: sold?.defaultCount ?? 0, unitPrice: sold?.pricePerUnit }));
}
