import { type MicroUsd, usdNumber } from '../../market/money';
import { roll, textHash } from '../../market/seeded-random';
import type { VastHost } from './vastai.hosts';

/** A row of the bundles search. Members are added by the cloud without notice, so the type is open. */
export type VastRow = Readonly<Record<string, unknown>> & { readonly id: number };

export interface VastRowFacts {
  readonly host: VastHost;
  readonly id: number;
  /** USD per hour of all GPUs of the offer, disk apart: the ask, or the lowest bid in a search of type bid. */
  readonly base: MicroUsd;
  readonly minBid: MicroUsd;
  readonly free: boolean;
  /** GB of disk the price is quoted for. */
  readonly allocatedStorage: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const HOURS_PER_MONTH = 720;
const GB_PER_TB = 1024;

/**
 * Benchmarks (dlperf, flops, score) and what is computed from them are left out: nobody measured these hosts.
 * `is_bid` is false whatever the search asked for, as on the real API.
 */
export function vastRow(facts: VastRowFacts): VastRow {
  const { host, id, free } = facts;
  return {
    id,
    ask_contract_id: id,
    bundle_id: 1_000_000_000 + (textHash(host.lotId) >>> 3),
    bundled_results: null,
    machine_id: machineId(host),
    host_id: 4_000 + (textHash(`${host.cpu.name}${host.geolocation ?? ''}`) % 600_000),
    hosting_type: 0,
    hostname: null,
    external: null,
    is_bid: false,
    rentable: free,
    rented: !free,
    resource_type: 'gpu',
    cluster_id: null,
    time_remaining: '',
    time_remaining_isbid: '',
    webpage: null,
    ...gpuFacts(host),
    ...machineFacts(host),
    ...networkFacts(host),
    ...trustFacts(host),
    ...termFacts(facts),
    ...priceFacts(facts),
  };
}

function machineId(host: VastHost): number {
  return 2_000 + host.index * 1_213;
}

function gpuFacts({ card, gpuCount, machineGpus, index }: VastHost) {
  return {
    gpu_name: card.name,
    num_gpus: gpuCount,
    gpu_frac: gpuCount / machineGpus,
    gpu_ram: card.gpuRam,
    gpu_total_ram: card.gpuRam * gpuCount,
    gpu_arch: 'nvidia',
    gpu_display_active: false,
    gpu_ids: Array.from({ length: gpuCount }, (_, gpu) => 8_000 + index * 16 + gpu),
    gpu_lanes: 16,
    compute_cap: card.computeCap,
    cuda_max_good: 13.1,
    bw_nvlink: gpuCount > 1 && card.name.includes('SXM') ? 450.5 : 0,
    pci_gen: 4,
    pcie_bw: 26.5,
    driver_version: '590.48.01',
    // Not every host reports it in this form.
    driver_vers: index % 17 === 5 ? null : 590048001,
  };
}

/** RAM, disk and effective cores are the offer's share of the machine; `cpu_cores` alone is the machine's. */
function machineFacts({ cpu, gpuCount, machineGpus, index }: VastHost) {
  const share = gpuCount / machineGpus;
  return {
    cpu_arch: 'amd64',
    cpu_name: cpu.name,
    cpu_ghz: cpu.ghz,
    cpu_cores: index % 23 === 11 ? null : cpu.cores,
    cpu_cores_effective: cpu.cores * share,
    cpu_ram: Math.round(515_106 * share),
    has_avx: 1,
    mobo_name: 'H12DSG-O-',
    os_version: '22.04',
    disk_name: 'nvme',
    disk_space: Math.round(11_704 * share) / 2,
    disk_bw: 4250.5,
    vms_enabled: false,
  };
}

function networkFacts({ lotId, gpuCount }: VastHost) {
  const salt = textHash(lotId);
  const perGb = { down: 0.0026041666666666665, up: 0.00390625 };
  return {
    inet_down: Math.round(roll(salt, 0, 5) * 80_000 + 2_000) / 10,
    inet_up: Math.round(roll(salt, 0, 6) * 70_000 + 4_000) / 10,
    inet_down_cost: perGb.down,
    inet_up_cost: perGb.up,
    internet_down_cost_per_tb: perGb.down * GB_PER_TB,
    internet_up_cost_per_tb: perGb.up * GB_PER_TB,
    static_ip: gpuCount !== 2,
    // 192.0.2.0/24 is set aside for documentation: no such address answers.
    public_ipaddr: `192.0.2.${1 + (salt % 250)}`,
    direct_port_count: gpuCount === 2 ? 4 : 249,
  };
}

function trustFacts({ verification, reliability, geolocation }: VastHost) {
  return {
    verification,
    vericode: { verified: 1, unverified: 0, deverified: 4 }[verification],
    is_vm_deverified: false,
    reliability,
    reliability2: reliability,
    reliability_mult: Math.round(reliability ** 10 * 1e7) / 1e7,
    expected_reliability: 0,
    target_reliability: 0,
    geolocation,
    geolocode: geolocation === null ? null : textHash(geolocation),
    logo: '/static/logos/vastai_small2.png',
    rn: 1,
  };
}

/** One host in nineteen says that it will stay for a hundred years. */
function termFacts({ host, now }: VastRowFacts) {
  const salt = textHash(host.lotId);
  const seconds = now / 1000;
  const duration = host.index % 19 === 7 ? 3_155_673_600 : 55_314.5 + Math.floor(roll(salt, 0, 7) * 2_700_000);
  return { duration, end_date: seconds + duration, start_date: seconds - 172_800 };
}

function priceFacts({ host, base, minBid, allocatedStorage }: VastRowFacts) {
  const storageCost = host.card.gpuRam > 90_000 ? 0.1333333333333333 : 0.19999999999999998;
  const disk = (storageCost * allocatedStorage) / HOURS_PER_MONTH;
  const compute = usdNumber(base);
  const total = compute + disk;
  return {
    dph_base: compute,
    dph_total: total,
    dph_total_adj: total + 0.0052083333,
    min_bid: usdNumber(minBid),
    storage_cost: storageCost,
    storage_total_cost: disk,
    discount_rate: host.reservable ? 0 : null,
    discounted_hourly: 0,
    discounted_dph_total: total,
    credit_discount_max: host.reservable ? 0.1 : 0,
    vram_costperhour: total / ((host.card.gpuRam * host.gpuCount) / 1024),
    search: hourlyParts(compute, disk),
    instance: hourlyParts(0, disk),
  };
}

function hourlyParts(gpu: number, disk: number) {
  return {
    gpuCostPerHour: gpu,
    diskHour: disk,
    slaPremiumPerHour: 0,
    totalHour: gpu + disk,
    discountTotalHour: 0,
    discountedTotalPerHour: gpu + disk,
  };
}
