import type { Market } from '../../market/market';
import { type MicroUsd, usdNumber } from '../../market/money';
import { VULTR_PLANS, type VultrKind, type VultrPlan } from './vultr.reference';

export type PlanNode = Readonly<Record<string, unknown>> & { readonly id: string };

/** What a month costs at most, in hours of the hourly price. */
const CAP_HOURS = 672;
/** Bangalore costs more here; the rate is made up, that there is one is not. */
const DEAR_REGION = { id: 'blr', percent: 110 } as const;

export function lotId(plan: string, kind: VultrKind, region: string): string {
  return `${plan} ${kind} ${region}`;
}

export function isMetal(planId: string): boolean {
  return planId.startsWith('vbm-');
}

/** Of a plan in one of its regions, the dear one included. */
export function priceIn(market: Market, planId: string, kind: VultrKind, region: string): MicroUsd | null {
  const quote = market.quote(lotId(planId, kind, region));
  if (quote === undefined) return null;
  return region === DEAR_REGION.id
    ? Math.round((quote.price * DEAR_REGION.percent) / 100 / 1_000) * 1_000
    : quote.price;
}

export function cloudPlans(market: Market): PlanNode[] {
  const gpuPlans = VULTR_PLANS.filter(({ id }) => !isMetal(id)).map((plan) => cloudPlan(plan, market));
  return [...CPU_PLANS, ...gpuPlans, NOT_FOR_SALE];
}

export function metalPlans(market: Market): PlanNode[] {
  return [CPU_METAL, ...VULTR_PLANS.filter(({ id }) => isMetal(id)).map((plan) => metalPlan(plan, market))];
}

function cloudPlan(plan: VultrPlan, market: Market): PlanNode {
  const hourly = listPrice(plan, 'on_demand', market);
  const dear = plan.regions.includes(DEAR_REGION.id) ? priceIn(market, plan.id, 'on_demand', DEAR_REGION.id) : null;
  return {
    id: plan.id,
    vcpu_count: plan.vcpus,
    ram: plan.ramMb,
    disk: plan.diskGb,
    disk_count: plan.diskCount,
    bandwidth: 10_240,
    ...costs(hourly, hourly),
    type: plan.gpuType === null ? 'vdm' : 'vcg',
    gpu_brand: 'nvidia',
    ...(plan.gpuType === null ? {} : { gpu_type: plan.gpuType, gpu_vram_gb: plan.vramGb, gpu_count: plan.gpuCount }),
    invoice_type: 'hourly',
    deploy_ondemand: true,
    deploy_preemptible: false,
    locations: plan.regions,
    location_cost: dear === null ? {} : { [DEAR_REGION.id]: costs(dear, dear) },
  };
}

/** Rows without GPU members have no flags either: they are the older ones. */
function metalPlan(plan: VultrPlan, market: Market): PlanNode {
  const hourly = listPrice(plan, 'on_demand', market);
  const spot = plan.spot === null ? null : listPrice(plan, 'spot', market);
  return {
    id: plan.id,
    cpu_count: plan.vcpus / 2,
    cpu_cores: plan.vcpus / 2,
    cpu_threads: plan.vcpus,
    cpu_model: 'EPYC',
    cpu_mhz: 2_450,
    ram: plan.ramMb,
    disk: plan.diskGb,
    disk_count: plan.diskCount,
    bandwidth: 15_360,
    ...(spot === null ? { hourly_cost: usdNumber(hourly), monthly_cost: cap(hourly) } : costs(hourly, spot)),
    type: 'NVMe',
    locations: plan.regions,
    ...(plan.gpuType === null
      ? {}
      : {
          gpu_brand: 'nvidia',
          gpu_type: plan.gpuType,
          gpu_count: plan.gpuCount,
          gpu_vram_gb: plan.vramGb,
          deploy_ondemand: true,
          deploy_preemptible: spot !== null,
        }),
  };
}

function listPrice(plan: VultrPlan, kind: VultrKind, market: Market): MicroUsd {
  const quote = market.quote(lotId(plan.id, kind, plan.regions[0] ?? ''));
  if (quote === undefined) throw new Error(`${plan.id} is in no market`);
  return quote.price;
}

function costs(hourly: MicroUsd, preemptible: MicroUsd) {
  return {
    hourly_cost: usdNumber(hourly),
    monthly_cost: cap(hourly),
    hourly_cost_preemptible: usdNumber(preemptible),
    monthly_cost_preemptible: cap(preemptible),
  };
}

function cap(hourly: MicroUsd): number {
  return Number((usdNumber(hourly) * CAP_HOURS).toFixed(2));
}

/** The free tier costs 0, which is no price. */
const CPU_PLANS: readonly PlanNode[] = [
  {
    id: 'vc2-1c-0.5gb-free',
    type: 'vc2',
    vcpu_count: 1,
    ram: 512,
    disk: 10,
    hourly_cost: 0,
    monthly_cost: 0,
    gpu_brand: 'none',
    locations: ['mia'],
  },
  {
    id: 'vc2-2c-4gb',
    type: 'vc2',
    vcpu_count: 2,
    ram: 4_096,
    disk: 80,
    hourly_cost: 0.027,
    monthly_cost: 20,
    gpu_brand: 'none',
    locations: ['fra', 'ewr'],
  },
];

const CPU_METAL: PlanNode = {
  id: 'vbm-4c-32gb',
  cpu_count: 4,
  cpu_threads: 8,
  ram: 32_768,
  disk: 240,
  disk_count: 2,
  hourly_cost: 0.179,
  monthly_cost: 120,
  type: 'SSD',
  locations: ['ewr'],
};

/** Stands in the list with a price, and can be had nowhere: by agreement only. */
const NOT_FOR_SALE: PlanNode = {
  id: 'vcg-mi325x-252c-2872g-1536vram',
  vcpu_count: 252,
  ram: 2_940_928,
  disk: 14_336,
  hourly_cost: 36.92,
  type: 'vdm',
  gpu_brand: 'amd',
  locations: [],
  deploy_ondemand: false,
  deploy_preemptible: true,
};
