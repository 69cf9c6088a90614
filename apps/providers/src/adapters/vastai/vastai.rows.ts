import { OfferBatchBuilder, type OfferBatch } from '@gpubroker/provider-adapter/adapter';
import { gbFrom, regionFromPlace } from '@gpubroker/provider-adapter/normalise';
import { z } from 'zod';
import { complianceOf } from '../cloud-compliance';
import { amount, flag, price, text } from '../upstream-fields';

export const VAST_SEARCH_TYPES = ['on-demand', 'bid', 'reserved'] as const;
export type VastSearchType = (typeof VAST_SEARCH_TYPES)[number];

/** One answer of the bundles search. What was searched for is not in the answer: `is_bid` is false in bid answers too. */
export interface VastAnswer {
  readonly type: VastSearchType;
  readonly rows: readonly unknown[];
}

export const vastEnvelope = z.object({ offers: z.array(z.unknown()) });

/** Of about 100 fields, those that are used. A field that turns null or changes its type costs its value, not the row. */
const vastRow = z.object({
  id: z.union([z.number().int(), z.string().regex(/^\d+$/)]),
  gpu_name: text,
  num_gpus: amount,
  gpu_ram: amount,
  dph_base: price,
  dph_total: price,
  storage_cost: amount,
  cpu_cores_effective: amount,
  cpu_ram: amount,
  disk_space: amount,
  geolocation: text,
  rentable: flag,
  rented: flag,
  resource_type: text,
  machine_id: amount,
  host_id: amount,
  hosting_type: amount,
  verification: text,
  reliability: amount,
  reliability2: amount,
  static_ip: flag,
  direct_port_count: amount,
  cuda_max_good: amount,
  driver_version: text,
  cpu_name: text,
  inet_up_cost: amount,
  inet_down_cost: amount,
  end_date: amount,
});
type VastRow = z.output<typeof vastRow>;

/** Turns answers into offers. A row that stands in several (slices that overlap, reserved beside on-demand) counts once. */
export function vastBatch(answers: readonly VastAnswer[]): OfferBatch {
  const batch = new OfferBatchBuilder();
  const seen = new Set<string>();
  for (const { type, rows } of answers) {
    // A reserved search shows on-demand machines at their on-demand price: the discount depends on the prepayment.
    const pricing = type === 'bid' ? 'bid' : 'on_demand';
    rows.forEach((raw, position) => {
      const row = vastRow.safeParse(raw);
      if (!row.success) {
        batch.reject('malformed', `${type} row ${position}`, 'The row has no usable id.');
        return;
      }
      const externalId = `${row.data.id}|${pricing}`;
      if (seen.has(externalId)) return;
      seen.add(externalId);
      addRow(batch, row.data, externalId, pricing);
    });
  }
  return batch.build();
}

function addRow(batch: OfferBatchBuilder, row: VastRow, externalId: string, pricing: 'bid' | 'on_demand'): void {
  const gpuCount = row.num_gpus ?? 0;
  if (gpuCount === 0 || (row.resource_type ?? 'gpu') !== 'gpu') {
    batch.reject('no_gpu', externalId, 'The machine has no GPU.');
  } else if (!Number.isInteger(gpuCount) || gpuCount < 0) {
    batch.reject('out_of_range', externalId, 'The number of GPUs is not a count.');
  } else if ((row.gpu_name ?? '').trim() === '') {
    batch.reject('missing_field', externalId, 'The row names no GPU.');
  } else {
    batch.add({
      provider: 'vastai',
      externalId,
      gpu: { name: row.gpu_name ?? '', mib: row.gpu_ram ?? undefined },
      gpuCount,
      // dph_total holds the disk that the search asked for; what is sold is the machine, so the compute price stands.
      pricePerNodeHour: row.dph_base,
      currency: 'USD',
      pricing,
      region: regionFromPlace(row.geolocation),
      availability: row.rentable === false || row.rented === true ? 'unavailable' : 'available',
      // The offer's share already: scaling it by cpu_cores_effective / cpu_cores would shrink it a second time.
      cpuCores: row.cpu_cores_effective,
      ramGb: gbFrom(row.cpu_ram, 'MB'),
      storageGb: gbFrom(row.disk_space, 'GB'),
      complianceTags: complianceOf('vastai').tags,
      attributes: attributesOf(row),
    });
  }
}

function attributesOf(row: VastRow): Record<string, unknown> {
  return {
    upstream_id: String(row.id),
    machine_id: row.machine_id,
    host_id: row.host_id,
    hosting_type: row.hosting_type,
    verification: row.verification,
    reliability: row.reliability2 ?? row.reliability,
    geolocation: row.geolocation,
    price_includes: ['gpu', 'cpu', 'ram'],
    price_with_default_disk: row.dph_total,
    storage_usd_per_gb_month: row.storage_cost,
    inet_up_usd_per_gb: row.inet_up_cost,
    inet_down_usd_per_gb: row.inet_down_cost,
    gpu_memory_reported_mib: row.gpu_ram,
    cpu_ram_reported_mb: row.cpu_ram,
    cpu_name: row.cpu_name?.trim(),
    static_ip: row.static_ip,
    direct_port_count: row.direct_port_count,
    cuda_max: row.cuda_max_good,
    driver_version: row.driver_version,
    listed_until: isoTime(row.end_date),
  };
}

/** Hosts enter absurd ends (year 50,000): what no calendar holds is not known. */
function isoTime(seconds: number | null | undefined): string | null {
  const ms = (seconds ?? Number.NaN) * 1_000;
  return ms > 0 && ms < Date.UTC(2100, 0) ? new Date(ms).toISOString() : null;
}
