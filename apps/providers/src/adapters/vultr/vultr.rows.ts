import { OfferBatchBuilder, type OfferBatch, type StockLevel } from '@gpubroker/provider-adapter/adapter';
import { gbFrom, parseAmount, regionCode } from '@gpubroker/provider-adapter/normalise';
import { z } from 'zod';
import { complianceOf } from '../cloud-compliance';
import { amount, flag, list, part, price, rowsOf, text } from '../upstream-fields';
import { vultrGpu, type VultrGpu } from './vultr.cards';

const links = part({ total: amount, links: part({ next: text }) });

export const vultrPlansPage = z.object({ plans: z.array(z.unknown()), meta: links });
export const vultrMetalPage = z.object({ plans_metal: z.array(z.unknown()), meta: links });
export const vultrAvailability = z.object({ available_plans: rowsOf(z.string()) });

const prices = { hourly_cost: price, hourly_cost_preemptible: price, monthly_cost: price };

/** Rows of 2025 lack the flags and, on metal, every GPU member; rows of 2026 have them. */
const vultrPlan = z.object({
  id: z.string().min(1),
  type: text,
  vcpu_count: amount,
  cpu_cores: amount,
  cpu_threads: amount,
  ram: amount,
  disk: amount,
  disk_count: amount,
  bandwidth: amount,
  ...prices,
  gpu_type: text,
  gpu_count: price,
  gpu_vram_gb: amount,
  locations: list(z.string().min(1)),
  deploy_ondemand: flag,
  deploy_preemptible: flag,
  location_cost: z.record(z.string(), z.object(prices).nullish().catch(null)).nullish().catch(null),
});
type VultrPlan = z.output<typeof vultrPlan>;
type Kind = 'on_demand' | 'spot';

/** Plan ids in stock by region; a region that is missing has told nothing. */
export type VultrStock = ReadonlyMap<string, ReadonlySet<string>>;

/** Regions in which one of these rows has a GPU plan, sorted. */
export function gpuRegionsOf(rows: readonly unknown[]): string[] {
  const regions = rows.flatMap((raw) => {
    const plan = vultrPlan.safeParse(raw);
    return plan.success && vultrGpu(plan.data) !== null ? regionsOf(plan.data) : [];
  });
  return [...new Set(regions)].sort();
}

/** One offer per plan, region and kind. `locations` says where a plan is sold; whether it is in stock is another list. */
export function vultrBatch(rows: readonly unknown[], stock: VultrStock): OfferBatch {
  const batch = new OfferBatchBuilder();
  rows.forEach((raw, position) => {
    const read = vultrPlan.safeParse(raw);
    if (!read.success) batch.reject('malformed', `plan ${position}`, 'The plan has no id.');
    else addPlan(batch, read.data, stock);
  });
  return batch.build();
}

function addPlan(batch: OfferBatchBuilder, plan: VultrPlan, stock: VultrStock): void {
  const gpu = vultrGpu(plan);
  if (gpu === null) {
    batch.reject('no_gpu', plan.id, 'The plan has no GPU.');
    return;
  }
  const regions = regionsOf(plan);
  const kinds = kindsOf(plan);
  if (regions.length === 0 || kinds.length === 0) {
    batch.reject('not_for_sale', plan.id, 'Listed with a price, and sold in no region or in no way.');
    return;
  }
  const { count } = gpu;
  if (count === null) {
    batch.reject('missing_field', plan.id, 'How many GPUs the plan has is not said.');
    return;
  }
  if (!kinds.includes('on_demand')) {
    batch.reject('not_for_sale', `${plan.id}|on_demand`, 'Its on-demand price is shown, and cannot be deployed.');
  }
  for (const kind of kinds) {
    for (const region of regions)
      addOffer(batch, plan, { ...gpu, count }, kind, region, stockOf(plan.id, stock.get(region)));
  }
}

function addOffer(
  batch: OfferBatchBuilder,
  plan: VultrPlan,
  gpu: VultrGpu & { readonly count: number },
  kind: Kind,
  region: string,
  availability: StockLevel,
): void {
  const local = plan.location_cost?.[region];
  const disks = plan.disk_count ?? 1;
  batch.add({
    provider: 'vultr',
    externalId: `${plan.id}|${region}|${kind}`,
    gpu: { name: gpu.name, gb: gpu.cardGb },
    upstreamGpuName: gpu.upstreamName,
    gpuCount: gpu.count,
    pricePerNodeHour:
      kind === 'spot'
        ? (local?.hourly_cost_preemptible ?? plan.hourly_cost_preemptible)
        : (local?.hourly_cost ?? plan.hourly_cost),
    currency: 'USD',
    pricing: kind,
    region: regionCode(region),
    availability,
    cpuCores: plan.vcpu_count ?? plan.cpu_threads,
    ramGb: gbFrom(plan.ram, 'MiB'),
    storageGb: plan.disk === null || plan.disk === undefined ? null : gbFrom(plan.disk * disks, 'GB'),
    complianceTags: complianceOf('vultr').tags,
    attributes: {
      upstream_id: plan.id,
      bare_metal: isMetal(plan.id) ? true : null,
      gpu_memory_total_gb: gpu.totalGb,
      gpu_part: gpu.count < 1 ? gpu.count : null,
      cpu_physical_cores: plan.cpu_cores,
      disk_count: plan.disk_count,
      // The most that a month costs on demand, not hours times price.
      monthly_cap: kind === 'on_demand' ? (local?.monthly_cost ?? plan.monthly_cost) : null,
      bandwidth_gb_per_month: plan.bandwidth,
      price_includes: ['gpu', 'cpu', 'ram', 'disk', 'bandwidth'],
    },
  });
}

export function isMetal(planId: string): boolean {
  return planId.startsWith('vbm-');
}

/** Old rows have no flags: there only a price below the on-demand one says that a plan is sold preemptibly too. */
function kindsOf(plan: VultrPlan): Kind[] {
  const kinds: Kind[] = plan.deploy_ondemand === false ? [] : ['on_demand'];
  const preemptible = amountOf(plan.hourly_cost_preemptible);
  if (preemptible === null) return kinds;
  const onDemand = amountOf(plan.hourly_cost);
  const isCheaper = onDemand === null || preemptible.lt(onDemand);
  return (plan.deploy_preemptible ?? isCheaper) ? [...kinds, 'spot'] : kinds;
}

/** A list that names no plan of this sort at all was asked for another sort. */
function stockOf(planId: string, available: ReadonlySet<string> | undefined): StockLevel {
  if (available === undefined) return 'unknown';
  if (available.has(planId)) return 'available';
  const sort = `${planId.split('-')[0] ?? ''}-`;
  return [...available].some((id) => id.startsWith(sort)) ? 'unavailable' : 'unknown';
}

function regionsOf({ locations }: VultrPlan): string[] {
  return locations ?? [];
}

/** null for nothing, zero and what is no amount. */
function amountOf(value: number | string | null | undefined) {
  const amount = parseAmount(value);
  return amount === null || amount === 'malformed' || amount.isZero() ? null : amount;
}
