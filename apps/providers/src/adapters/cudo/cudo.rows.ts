import { OfferBatchBuilder, type OfferBatch, type StockLevel } from '@gpubroker/provider-adapter/adapter';
import { gbFrom, parseAmount, regionCode, times } from '@gpubroker/provider-adapter/normalise';
import { z } from 'zod';
import { complianceOf } from '../cloud-compliance';
import { priceOfParts, STANDARD_GPU_COUNTS, STANDARD_SIZE } from '../price-of-parts';
import { amount, flag, identifier, list, part, price, text } from '../upstream-fields';
import { cudoSize, type CudoSize } from './cudo.size';

export const cudoAnswer = z.object({ machineTypes: z.array(z.unknown()) });

/** A number, as such or as text, or the word "Infinity". */
const limit = z
  .union([z.literal('Infinity').transform(() => Number.POSITIVE_INFINITY), amount])
  .transform((value) => value ?? null);
const money = part({ value: price });

const rates = z.object({ vcpuPriceHr: money, memoryGibPriceHr: money, gpuPriceHr: money });
type Rates = z.output<typeof rates>;

const machineType = z.object({
  ...rates.shape,
  machineType: identifier,
  dataCenterId: identifier,
  cpuModel: text,
  gpuModel: text,
  gpuModelId: text,
  minVcpuPerMemoryGib: limit,
  maxVcpuPerMemoryGib: limit,
  minVcpuPerGpu: limit,
  maxVcpuPerGpu: limit,
  minVcpu: limit,
  minMemoryGib: limit,
  minStorageGibPriceHr: money,
  ipv4PriceHr: money,
  renewableEnergy: flag,
  maxVcpuFree: amount,
  maxMemoryGibFree: amount,
  maxGpuFree: amount,
  totalGpuFree: amount,
  maxStorageGibFree: amount,
  prices: list(rates.extend({ commitmentTerm: text })),
});
type MachineType = z.output<typeof machineType>;

const NO_COMMITMENT = 'COMMITMENT_TERM_NONE';

/** CUDO fixes no sizes: a card is offered in standard sizes, with the disk and the address that every machine needs. */
export function cudoBatch(rows: readonly unknown[]): OfferBatch {
  const batch = new OfferBatchBuilder();
  rows.forEach((raw, position) => {
    const read = machineType.safeParse(raw);
    if (!read.success) batch.reject('malformed', `type ${position}`, 'The machine type has no name or data centre.');
    else if ((read.data.gpuModel ?? '').trim() === '') {
      batch.reject('no_gpu', `${read.data.dataCenterId}|${read.data.machineType}`, 'The machine type has no GPU.');
    } else addType(batch, read.data);
  });
  return batch.build();
}

function addType(batch: OfferBatchBuilder, type: MachineType): void {
  // Free on one host: what is free on all of them together does not make one machine.
  const largest = Math.max(1, type.maxGpuFree ?? 1);
  for (const count of STANDARD_GPU_COUNTS.filter((gpus) => gpus <= largest)) {
    const size = cudoSize(count, type);
    if (size === null) {
      const row = `${type.dataCenterId}|${type.machineType}|${count}`;
      batch.reject('out_of_range', row, 'No number of vCPUs and GiB is within the limits of the type.');
    } else addSize(batch, type, size);
  }
}

function addSize(batch: OfferBatchBuilder, type: MachineType, size: CudoSize): void {
  const own = onDemandRates(type);
  const gpuPrice = own.gpuPriceHr?.value;
  const perGpu = parseAmount(gpuPrice);
  // The other parts cost money even where the GPU shows no price: a sum without it would look like a bargain.
  const usable = perGpu !== null && perGpu !== 'malformed' && perGpu.gt(0);
  const quote = usable ? quoteOf(type, own, times(perGpu.toFixed(), size.gpus), size) : null;
  batch.add({
    provider: 'cudo',
    externalId: [type.dataCenterId, type.machineType, size.gpus, size.vcpus, size.memoryGib].join('|'),
    gpu: { name: type.gpuModel ?? '' },
    gpuCount: size.gpus,
    pricePerNodeHour: quote === null ? gpuPrice : quote.total,
    currency: 'USD',
    pricing: 'on_demand',
    region: regionCode(type.dataCenterId),
    availability: stockOf(type, size),
    cpuCores: size.vcpus,
    ramGb: gbFrom(size.memoryGib, 'GiB'),
    storageGb: STANDARD_SIZE.diskGb,
    complianceTags: complianceOf('cudo').tags,
    attributes: {
      upstream_id: type.machineType,
      gpu_model_id: type.gpuModelId,
      cpu_name: type.cpuModel === 'host-passthrough' ? null : type.cpuModel,
      price_includes: quote?.includes,
      price_partial: (quote?.unpriced.length ?? 0) > 0 ? true : null,
      price_unknown_for: (quote?.unpriced.length ?? 0) > 0 ? quote?.unpriced : null,
      gpu_usd_per_hour: gpuPrice,
      vcpu_usd_per_hour: own.vcpuPriceHr?.value,
      ram_usd_per_gib_hour: own.memoryGibPriceHr?.value,
      disk_usd_per_gib_hour: type.minStorageGibPriceHr?.value,
      ipv4_usd_per_hour: type.ipv4PriceHr?.value,
      commitment_prices: commitments(type),
      size_chosen_by: 'gpubroker',
      max_gpus_on_one_host: type.maxGpuFree,
      renewable_energy: type.renewableEnergy,
    },
  });
}

function quoteOf(type: MachineType, own: Rates, gpuTerm: string, size: CudoSize) {
  return priceOfParts(gpuTerm, [
    { name: 'cpu', units: size.vcpus, unitPrice: own.vcpuPriceHr?.value },
    { name: 'ram', units: size.memoryGib, unitPrice: own.memoryGibPriceHr?.value },
    { name: 'disk', units: STANDARD_SIZE.diskGb, unitPrice: type.minStorageGibPriceHr?.value },
    { name: 'ipv4', units: 1, unitPrice: type.ipv4PriceHr?.value },
  ]);
}

/** Newer answers repeat the rates once per commitment; the one without is on demand. */
function onDemandRates(type: MachineType): Rates {
  const own = (type.prices ?? []).find(({ commitmentTerm }) => commitmentTerm === NO_COMMITMENT);
  return {
    gpuPriceHr: own?.gpuPriceHr ?? type.gpuPriceHr,
    vcpuPriceHr: own?.vcpuPriceHr ?? type.vcpuPriceHr,
    memoryGibPriceHr: own?.memoryGibPriceHr ?? type.memoryGibPriceHr,
  };
}

function commitments(type: MachineType): unknown[] | null {
  const terms = (type.prices ?? [])
    .filter(({ commitmentTerm }) => commitmentTerm !== NO_COMMITMENT)
    .map(({ commitmentTerm, gpuPriceHr }) => ({
      term: commitmentTerm ?? null,
      gpu_usd_per_hour: gpuPriceHr?.value ?? null,
    }));
  return terms.length === 0 ? null : terms;
}

function stockOf(type: MachineType, size: CudoSize): StockLevel {
  if (type.maxGpuFree === null || type.maxGpuFree === undefined) return 'unknown';
  const fits =
    size.gpus <= type.maxGpuFree &&
    size.vcpus <= (type.maxVcpuFree ?? size.vcpus) &&
    size.memoryGib <= (type.maxMemoryGibFree ?? size.memoryGib) &&
    STANDARD_SIZE.diskGb <= (type.maxStorageGibFree ?? STANDARD_SIZE.diskGb);
  return fits ? 'available' : 'unavailable';
}
