import { OfferBatchBuilder, type OfferBatch } from '@gpubroker/provider-adapter/adapter';
import { decimal, gbFrom, parseAmount, regionCode } from '@gpubroker/provider-adapter/normalise';
import { z } from 'zod';
import { complianceOf } from '../cloud-compliance';
import { amount, part, price, text } from '../upstream-fields';

/** An object keyed by type name, not a list. */
export const lambdaAnswer = z.object({ data: z.record(z.string(), z.unknown()) });

/** Stands for the region of a type that no region has. */
export const NO_REGION = 'none';

const lambdaType = z.object({
  instance_type: z.object({
    name: z.string().min(1),
    description: text,
    gpu_description: text,
    price_cents_per_hour: price,
    specs: part({ vcpus: amount, memory_gib: amount, storage_gib: amount, gpus: amount }),
  }),
  regions_with_capacity_available: z.array(z.unknown()).nullish().catch(null),
});
type LambdaType = z.output<typeof lambdaType>;

const lambdaRegion = z.object({ name: z.string().min(1), description: text });
type LambdaRegion = z.output<typeof lambdaRegion>;

/** One offer for each region that has the type; one that is sold out where none has. */
export function lambdaBatch(types: Readonly<Record<string, unknown>>): OfferBatch {
  const batch = new OfferBatchBuilder();
  for (const [key, raw] of Object.entries(types)) {
    const read = lambdaType.safeParse(raw);
    if (!read.success) batch.reject('malformed', key, 'The type has no name.');
    else addType(batch, read.data);
  }
  return batch.build();
}

function addType(batch: OfferBatchBuilder, type: LambdaType): void {
  const { name } = type.instance_type;
  const gpu = gpuTextOf(type);
  const gpuCount = gpuCountOf(type);
  if (gpuCount === 0 || gpu === '' || /^n\/?a$/i.test(gpu)) {
    batch.reject('no_gpu', name, 'The type has no GPU.');
    return;
  }
  if (gpuCount === null) {
    batch.reject('missing_field', name, 'How many GPUs the type has is not said.');
    return;
  }
  const regions = regionsOf(type);
  // No list is not an empty one: nothing is known of the stock then.
  if (regions === null) addOffer(batch, type, gpu, gpuCount, null, 'unknown');
  else if (regions.length === 0) addOffer(batch, type, gpu, gpuCount, null, 'unavailable');
  else for (const region of regions) addOffer(batch, type, gpu, gpuCount, region, 'available');
}

function addOffer(
  batch: OfferBatchBuilder,
  { instance_type: type }: LambdaType,
  gpu: string,
  gpuCount: number,
  region: LambdaRegion | null,
  availability: 'available' | 'unavailable' | 'unknown',
): void {
  batch.add({
    provider: 'lambda',
    externalId: `${type.name}|${region?.name ?? NO_REGION}|on_demand`,
    gpu: { name: gpu },
    gpuCount,
    pricePerNodeHour: dollarsFrom(type.price_cents_per_hour),
    currency: 'USD',
    pricing: 'on_demand',
    region: regionCode(region?.name),
    availability,
    cpuCores: type.specs?.vcpus,
    ramGb: gbFrom(type.specs?.memory_gib, 'GiB'),
    storageGb: gbFrom(type.specs?.storage_gib, 'GiB'),
    complianceTags: complianceOf('lambda').tags,
    attributes: {
      upstream_id: type.name,
      location: region?.description,
      cpu_architecture: /^G[HB]\d/i.test(gpu) ? 'arm64' : null,
      price_includes: ['gpu', 'cpu', 'ram', 'disk'],
      price_unit: 'whole_instance',
    },
  });
}

/** "H100 (80 GB SXM5)": form and memory stand nowhere else. Older answers have it only behind the count. */
function gpuTextOf({ instance_type: { gpu_description, description } }: LambdaType): string {
  const texts = [gpu_description, description?.replace(/^\d+x\s+/i, '')].map((one) => (one ?? '').trim());
  return texts.find((one) => one !== '') ?? '';
}

function gpuCountOf({ instance_type: { name, specs } }: LambdaType): number | null {
  if (typeof specs?.gpus === 'number') return Number.isSafeInteger(specs.gpus) && specs.gpus >= 0 ? specs.gpus : null;
  // "cpu_4x_general" counts CPUs.
  if (name.startsWith('cpu_')) return 0;
  const count = /^gpu_(\d+)x_/.exec(name)?.[1];
  return count === undefined ? null : Number(count);
}

function regionsOf({ regions_with_capacity_available: regions }: LambdaType): LambdaRegion[] | null {
  if (regions === null || regions === undefined) return null;
  return regions.flatMap((raw) => {
    const region = lambdaRegion.safeParse(raw);
    return region.success ? [region.data] : [];
  });
}

/** Whole cents for the whole instance; what is no amount is passed on to be rejected as such. */
function dollarsFrom(cents: number | string | null | undefined): string | null {
  const value = parseAmount(cents);
  if (value === null) return null;
  return value === 'malformed' ? String(cents) : value.div(decimal(100)).toFixed();
}
