import { OfferBatchBuilder, type OfferBatch } from '@gpubroker/provider-adapter/adapter';
import { decimal, parseAmount, regionCode } from '@gpubroker/provider-adapter/normalise';
import { z } from 'zod';
import { complianceOf } from '../cloud-compliance';
import { amount, part, price, rowsOf, text } from '../upstream-fields';

export const verdaTypes = z.array(z.unknown());
const stockOfLocation = z.object({ location_code: z.string().min(1), availabilities: rowsOf(z.string()) });
/** A location that cannot be read says nothing; a list of which none can be read is no list of locations. */
export const verdaAvailability = z
  .array(z.unknown())
  .transform((rows) => ({ sent: rows.length, read: rowsOf(stockOfLocation).parse(rows) }))
  .refine(({ sent, read }) => sent === 0 || read.length > 0)
  .transform(({ read }) => read);

/** Stands for the location of a type that no location has, or of which no list tells. */
export const NO_LOCATION = 'none';

const sized = part({ description: text, size_in_gigabytes: amount });

const verdaType = z.object({
  instance_type: z.string().min(1),
  id: text,
  model: text,
  name: text,
  cpu: part({ number_of_cores: amount }),
  gpu: part({ description: text, number_of_gpus: amount }),
  gpu_memory: sized,
  memory: sized,
  storage: sized,
  price_per_hour: price,
  spot_price: price,
  serverless_price: price,
  serverless_spot_price: price,
  currency: text,
  p2p: text,
  deploy_warning: text,
});
type VerdaType = z.output<typeof verdaType>;

export type VerdaKind = 'on_demand' | 'spot';

/** Locations by type name; null: the list could not be had, so nothing is known of the stock. */
export type VerdaStock = Readonly<Record<VerdaKind, ReadonlyMap<string, readonly string[]> | null>>;

export function stockFrom(lists: z.output<typeof verdaAvailability>): ReadonlyMap<string, readonly string[]> {
  const locations = new Map<string, string[]>();
  for (const { location_code, availabilities } of lists) {
    for (const type of availabilities) locations.set(type, [...(locations.get(type) ?? []), location_code]);
  }
  return locations;
}

/** Prices come from the types, stock from the locations' lists: one offer per type, kind and location that has it. */
export function verdaBatch(rows: readonly unknown[], stock: VerdaStock): OfferBatch {
  const batch = new OfferBatchBuilder();
  const named = new Set<string>();
  rows.forEach((raw, position) => {
    const read = verdaType.safeParse(raw);
    if (!read.success) {
      batch.reject('malformed', `type ${position}`, 'The type has no name.');
      return;
    }
    named.add(read.data.instance_type);
    addType(batch, read.data, stock);
  });
  rejectUnpriced(batch, named, stock);
  return batch.build();
}

function addType(batch: OfferBatchBuilder, type: VerdaType, stock: VerdaStock): void {
  const gpuCount = gpuCountOf(type);
  if (gpuCount === null) batch.reject('missing_field', type.instance_type, 'How many GPUs the type has is not said.');
  else if (gpuCount === 0) batch.reject('no_gpu', type.instance_type, 'The type has no GPU.');
  else if (isServerless(type)) {
    batch.reject('unsupported_product', type.instance_type, 'Priced for serverless containers, not as a machine.');
  } else {
    addKind(batch, type, gpuCount, 'on_demand', type.price_per_hour, stock);
    // A type without a spot price is not sold as spot; without an on-demand price it is a gap.
    if (hasAmount(type.spot_price)) addKind(batch, type, gpuCount, 'spot', type.spot_price, stock);
  }
}

function addKind(
  batch: OfferBatchBuilder,
  type: VerdaType,
  gpuCount: number,
  kind: VerdaKind,
  pricePerHour: string | number | null | undefined,
  stock: VerdaStock,
): void {
  const locations = stock[kind] === null ? null : (stock[kind].get(type.instance_type) ?? []);
  if (locations !== null && locations.length > 0) {
    for (const location of locations) addOffer(batch, type, gpuCount, kind, pricePerHour, location, 'available');
  } else {
    const availability = locations === null ? 'unknown' : 'unavailable';
    addOffer(batch, type, gpuCount, kind, pricePerHour, null, availability);
  }
}

function addOffer(
  batch: OfferBatchBuilder,
  type: VerdaType,
  gpuCount: number,
  kind: VerdaKind,
  pricePerHour: string | number | null | undefined,
  location: string | null,
  availability: 'available' | 'unavailable' | 'unknown',
): void {
  const reported = gpuTextOf(type);
  const totalGb = type.gpu_memory?.size_in_gigabytes ?? null;
  const diskGb = type.storage?.size_in_gigabytes ?? null;
  batch.add({
    provider: 'verda',
    externalId: [type.instance_type, location ?? NO_LOCATION, kind].join('|'),
    gpu: { name: reported.replace(CONFIDENTIAL, ''), gb: totalGb === null ? undefined : totalGb / gpuCount },
    upstreamGpuName: reported,
    gpuCount,
    pricePerNodeHour: pricePerHour,
    // Rows of 2023 name no currency: it is the one that was asked for.
    currency: (type.currency ?? 'usd').toUpperCase(),
    pricing: kind,
    region: regionCode(location),
    availability,
    cpuCores: type.cpu?.number_of_cores,
    ramGb: type.memory?.size_in_gigabytes,
    storageGb: diskGb,
    complianceTags: complianceOf('verda').tags,
    attributes: {
      upstream_id: type.instance_type,
      gpu_memory_total_gb: totalGb,
      // The vendor's documents say both "per instance" and "per GPU"; its own client's change log says the former.
      price_unit: 'whole_instance',
      price_includes: ['gpu', 'cpu', 'ram', ...(diskGb === null ? [] : ['disk'])],
      price_excludes: diskGb === null ? ['disk'] : null,
      confidential_computing: CONFIDENTIAL.test(reported) ? true : null,
      gpu_interconnect: type.p2p === '' ? null : type.p2p,
      deploy_warning: type.deploy_warning,
    },
  });
}

/** What the lists have in stock and no type names: kept in sight, without a price that nobody gave. */
function rejectUnpriced(batch: OfferBatchBuilder, named: ReadonlySet<string>, stock: VerdaStock): void {
  for (const kind of ['on_demand', 'spot'] as const) {
    for (const [type, locations] of stock[kind] ?? []) {
      if (named.has(type)) continue;
      const row = `${type}|${locations.join(',')}|${kind}`;
      if (type.startsWith('CPU.')) batch.reject('no_gpu', row, 'In stock, and has no GPU.');
      else batch.reject('price_missing', row, 'In stock, but no type with a price has this name.');
    }
  }
}

/** A trusted execution type is the same card: "H100 SXM5 80GB CC". */
const CONFIDENTIAL = /\s+CC$/i;

/** "2x NVidia RTX A6000 48GB" says most; the count in front is no part of the name. */
function gpuTextOf({ gpu, name, model }: VerdaType): string {
  const texts = [gpu?.description, name, model].map((candidate) => (candidate ?? '').replace(/^\d+x\s+/i, '').trim());
  return texts.find((candidate) => candidate !== '') ?? '';
}

function gpuCountOf({ instance_type: type, gpu }: VerdaType): number | null {
  const count = gpu?.number_of_gpus ?? null;
  if (count !== null) return Number.isSafeInteger(count) && count >= 0 ? count : null;
  if (type.startsWith('CPU.')) return 0;
  const fromText = /^(\d+)x\s/i.exec(gpu?.description ?? '')?.[1];
  return fromText === undefined ? null : Number(fromText);
}

function isServerless(type: VerdaType): boolean {
  const sold = hasAmount(type.price_per_hour) || hasAmount(type.spot_price);
  return !sold && (hasAmount(type.serverless_price) || hasAmount(type.serverless_spot_price));
}

function hasAmount(value: string | number | null | undefined): boolean {
  const parsed = parseAmount(value);
  return parsed === 'malformed' || (parsed !== null && !parsed.eq(decimal(0)));
}
