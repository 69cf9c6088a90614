import { OfferBatchBuilder, type OfferBatch, type StockLevel } from '@gpubroker/provider-adapter/adapter';
import {
  fromCents,
  gbFrom,
  identifyGpu,
  parseAmount,
  regionCode,
  type GpuForm,
  type GpuReport,
} from '@gpubroker/provider-adapter/normalise';
import { z } from 'zod';
import { complianceOf } from '../cloud-compliance';
import { amount, flag, identifier, part, price, text } from '../upstream-fields';

export const shadeformAnswer = z.object({ instance_types: z.array(z.unknown()) });

/** The configuration stands in an object of its own, and for older readers a second time beside it. */
const configuration = z.object({
  memory_in_gb: amount,
  storage_in_gb: amount,
  vcpus: amount,
  num_gpus: amount,
  gpu_type: text,
  vram_per_gpu_in_gb: amount,
  interconnect: text,
  nvlink: flag,
});

const instanceType = z.object({
  ...configuration.shape,
  cloud: identifier,
  shade_instance_type: z.string().min(1),
  cloud_instance_type: text,
  configuration: configuration.nullish().catch(null),
  hourly_price: price,
  deployment_type: text,
  boot_time: part({ min_boot_in_sec: amount, max_boot_in_sec: amount }),
  availability: z.array(z.unknown()).nullish().catch(null),
});
type InstanceType = z.output<typeof instanceType>;

const place = z.object({
  region: z.string().min(1),
  available: flag,
  display_name: text,
  rental_type: text,
  hourly_price: price,
});
type Place = z.output<typeof place>;

export type ShadeformRental = 'on_demand' | 'spot';

/** One offer per cloud, type, region and way of renting. */
export function shadeformBatch(rows: readonly unknown[]): OfferBatch {
  const batch = new OfferBatchBuilder();
  rows.forEach((raw, position) => {
    const read = instanceType.safeParse(raw);
    if (!read.success) batch.reject('malformed', `type ${position}`, 'The type has no cloud or no name.');
    else addType(batch, read.data);
  });
  return batch.build();
}

function addType(batch: OfferBatchBuilder, type: InstanceType): void {
  const name = `${type.cloud}|${type.shade_instance_type}`;
  const gpus = type.configuration?.num_gpus ?? type.num_gpus ?? 0;
  const gpu = gpuOf(type);
  if (gpus === 0 || gpu === null) batch.reject('no_gpu', name, 'The type has no GPU.');
  else if (!Number.isInteger(gpus) || gpus < 0) batch.reject('out_of_range', name, 'That is no number of GPUs.');
  else if (type.availability === null || type.availability === undefined) {
    batch.reject('missing_field', name, 'The type says of no region whether it is there.');
  } else if (type.availability.length === 0) batch.reject('not_for_sale', name, 'No region has the type.');
  else {
    const conflict = contradiction(type, gpu, gpus);
    type.availability.forEach((raw, position) => {
      const read = place.safeParse(raw);
      if (!read.success) batch.reject('malformed', `${name} region ${position}`, 'The region has no name.');
      else if (conflict !== null) batch.reject('malformed', `${name}|${read.data.region}`, conflict);
      else addPlace(batch, type, gpu, gpus, read.data);
    });
  }
}

function addPlace(batch: OfferBatchBuilder, type: InstanceType, gpu: GpuReport, gpus: number, at: Place): void {
  const rental = (at.rental_type ?? 'on_demand').toLowerCase().replace('-', '_');
  const externalId = [type.cloud, type.shade_instance_type, at.region, rental].join('|');
  if (rental !== 'on_demand' && rental !== 'spot') {
    batch.reject('unsupported_product', externalId, 'Neither on-demand nor spot.');
    return;
  }
  const size = { ...type, ...withoutNulls(type.configuration ?? {}) };
  batch.add({
    provider: 'shadeform',
    externalId,
    gpu,
    gpuCount: gpus,
    pricePerNodeHour: priceAt(type, at, rental),
    currency: 'USD',
    pricing: rental,
    region: regionCode(at.region),
    availability: stockLevel(at.available),
    cpuCores: size.vcpus,
    ramGb: gbFrom(size.memory_in_gb, 'GB'),
    storageGb: gbFrom(size.storage_in_gb, 'GB'),
    complianceTags: complianceOf('shadeform').tags,
    attributes: {
      upstream_id: type.shade_instance_type,
      upstream_cloud: type.cloud,
      cloud_instance_type: type.cloud_instance_type,
      place: at.display_name,
      price_includes: ['gpu', 'cpu', 'ram', 'disk'],
      deployment_type: type.deployment_type,
      interconnect: size.interconnect,
      nvlink: size.nvlink,
      boot_seconds_min: type.boot_time?.min_boot_in_sec,
      boot_seconds_max: type.boot_time?.max_boot_in_sec,
    },
  });
}

/** The type's price is in cents. A spot entry has its own, a string in dollars; the type's is not its price. */
function priceAt(type: InstanceType, at: Place, rental: ShadeformRental): unknown {
  if (typeof at.hourly_price === 'string') return at.hourly_price;
  return dollars(rental === 'spot' ? at.hourly_price : (at.hourly_price ?? type.hourly_price));
}

function dollars(cents: unknown): unknown {
  const value = parseAmount(cents);
  return value === null || value === 'malformed' ? cents : fromCents(value.toNumber()).toFixed();
}

function gpuOf(type: InstanceType): GpuReport | null {
  const { configuration: own } = type;
  const name = own?.gpu_type ?? type.gpu_type;
  if (name === null || name === undefined || name.trim() === '') return null;
  return {
    name,
    gb: own?.vram_per_gpu_in_gb ?? type.vram_per_gpu_in_gb ?? undefined,
    form: formOf(own?.interconnect ?? type.interconnect),
  };
}

function formOf(interconnect: string | null | undefined): GpuForm | null {
  if (/^sxm\d?$/i.test(interconnect ?? '')) return 'SXM';
  return /^pcie$/i.test(interconnect ?? '') ? 'PCIE' : null;
}

/**
 * Shadeform names a type after its card ("A100_80Gx4"). Where the two names mean different cards nobody knows which one
 * the price is for; under either name it could be the cheapest of the market, so the type is held back.
 */
function contradiction(type: InstanceType, gpu: GpuReport, gpus: number): string | null {
  const suffix = new RegExp(`x${gpus}$`, 'i');
  const named = identifyGpu({ ...gpu, name: type.shade_instance_type.replace(suffix, '') });
  const stated = identifyGpu(gpu);
  if (named.gpuFamily === null || stated.gpuFamily === null || named.gpuFamily === stated.gpuFamily) return null;
  return `The type is named after a ${named.gpuType}, its GPU is said to be a ${stated.gpuType}.`;
}

function stockLevel(available: boolean | null | undefined): StockLevel {
  if (available === null || available === undefined) return 'unknown';
  return available ? 'available' : 'unavailable';
}

function withoutNulls<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null && one !== undefined)) as Partial<T>;
}
