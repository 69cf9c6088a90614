import { OfferBatchBuilder, type OfferBatch, type StockLevel } from '@gpubroker/provider-adapter/adapter';
import { gbFrom, GLOBAL_REGION, regionCode } from '@gpubroker/provider-adapter/normalise';
import { z } from 'zod';
import { complianceOf } from '../cloud-compliance';
import { amount, flag, list, part, price, text } from '../upstream-fields';
import { linodeGpuName } from './linode.gpu-name';

/** A page of either list. */
export const linodePage = z.object({ data: z.array(z.unknown()), results: amount });

const plan = z.object({
  id: z.string().min(1),
  label: text,
  class: text,
  gpus: amount,
  vcpus: amount,
  memory: amount,
  disk: amount,
  transfer: amount,
  network_out: amount,
  successor: text,
  price: part({ hourly: price, monthly: price }),
  region_prices: list(z.object({ id: text, hourly: price, monthly: price })),
});
type Plan = z.output<typeof plan>;

const placement = z.object({
  region: z.string().min(1),
  plan: z.string().min(1),
  available: flag,
});
type Placement = z.output<typeof placement>;

/**
 * Prices stand in one list and stock in another. They need not fit together: a plan without stock is listed for no
 * region, and stock without a price is held back.
 */
export function linodeBatch(types: readonly unknown[], availability: readonly unknown[]): OfferBatch {
  const batch = new OfferBatchBuilder();
  const placements = placementsByPlan(batch, availability);
  const plans = new Set<string>();
  types.forEach((raw, position) => {
    const read = plan.safeParse(raw);
    if (!read.success) {
      batch.reject('malformed', `type ${position}`, 'The type has no id.');
      return;
    }
    plans.add(read.data.id);
    addPlan(batch, read.data, placements.get(read.data.id) ?? []);
  });
  for (const [id, places] of placements) if (!plans.has(id)) rejectUnpriced(batch, id, places);
  return batch.build();
}

function placementsByPlan(batch: OfferBatchBuilder, availability: readonly unknown[]): Map<string, Placement[]> {
  const byPlan = new Map<string, Map<string, Placement>>();
  availability.forEach((raw, position) => {
    const read = placement.safeParse(raw);
    if (!read.success) {
      batch.reject('malformed', `availability ${position}`, 'The entry has no region or no plan.');
      return;
    }
    const regions = byPlan.get(read.data.plan) ?? new Map<string, Placement>();
    regions.set(read.data.region, read.data);
    byPlan.set(read.data.plan, regions);
  });
  return new Map([...byPlan].map(([id, regions]) => [id, [...regions.values()]]));
}

function addPlan(batch: OfferBatchBuilder, type: Plan, places: readonly Placement[]): void {
  const gpus = type.gpus ?? 0;
  const name = linodeGpuName(type.id, type.label);
  if (gpus === 0) batch.reject('no_gpu', type.id, 'The plan has no GPU.');
  else if (!Number.isInteger(gpus) || gpus < 0) batch.reject('out_of_range', type.id, 'That is no number of GPUs.');
  else if (name === null) batch.reject('missing_field', type.id, 'Nothing says which GPU the plan has.');
  else if (places.length === 0) addOffer(batch, type, name, gpus, null);
  else for (const place of places) addOffer(batch, type, name, gpus, place);
}

function addOffer(batch: OfferBatchBuilder, type: Plan, gpuName: string, gpus: number, place: Placement | null): void {
  const own = priceIn(type, place?.region ?? null);
  batch.add({
    provider: 'linode',
    externalId: `${type.id}|${place?.region ?? GLOBAL_REGION}`,
    gpu: { name: gpuName },
    upstreamGpuName: type.label ?? gpuName,
    gpuCount: gpus,
    pricePerNodeHour: own?.hourly,
    currency: 'USD',
    pricing: 'on_demand',
    region: place === null ? GLOBAL_REGION : regionCode(place.region),
    availability: stockLevel(place),
    cpuCores: type.vcpus,
    // Written as MB, sold as GB of 1,024: 32768 is the "32GB" of the label.
    ramGb: gbFrom(type.memory, 'MiB'),
    storageGb: gbFrom(type.disk, 'MiB'),
    complianceTags: complianceOf('linode').tags,
    attributes: {
      upstream_id: type.id,
      price_includes: ['gpu', 'cpu', 'ram', 'disk', 'ipv4', 'egress_allowance'],
      // A month costs this at most, whatever its hours.
      price_per_month_at_most: own?.monthly,
      egress_included_gb_per_month: type.transfer,
      network_out_mbps: type.network_out,
      successor: type.successor,
    },
  });
}

/** Some regions cost more, and say so beside the price for all others. */
function priceIn(type: Plan, region: string | null): { hourly?: unknown; monthly?: unknown } | null | undefined {
  const own = region === null ? undefined : (type.region_prices ?? []).find(({ id }) => id === region);
  return own ?? type.price;
}

function stockLevel(place: Placement | null): StockLevel {
  if (place?.available === null || place?.available === undefined) return 'unknown';
  return place.available ? 'available' : 'unavailable';
}

function rejectUnpriced(batch: OfferBatchBuilder, id: string, places: readonly Placement[]): void {
  if (!id.includes('-gpu-')) return;
  const card = linodeGpuName(id, null) ?? 'a GPU';
  for (const { region, available } of places) {
    const stock = available === true ? 'In stock' : 'Not in stock';
    batch.reject('price_missing', `${id}|${region}`, `${stock}, and no type names its price: ${card}.`);
  }
}
