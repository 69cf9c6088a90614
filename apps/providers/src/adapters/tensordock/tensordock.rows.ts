import { OfferBatchBuilder, type OfferBatch } from '@gpubroker/provider-adapter/adapter';
import { parseAmount, regionFromPlace, times } from '@gpubroker/provider-adapter/normalise';
import { z } from 'zod';
import { complianceOf } from '../cloud-compliance';
import { countryCode } from '../country-code';
import { priceOfParts, STANDARD_GPU_COUNTS, STANDARD_SIZE } from '../price-of-parts';
import { amount, flag, identifier, part, price, text } from '../upstream-fields';

/** An answer of v2 (locations), or of v0 (hosts, keyed by their id). */
export const tensordockAnswer = z.union([
  z.object({ data: z.object({ locations: z.array(z.unknown()) }) }),
  z.object({ hostnodes: z.record(z.string(), z.unknown()) }),
]);
export type TensordockAnswer = z.output<typeof tensordockAnswer>;

const v2Gpu = z.object({
  v0Name: z.string().min(1),
  displayName: text,
  max_count: amount,
  price_per_hr: price,
  resources: part({ max_vcpus: amount, max_ram_gb: amount, max_storage_gb: amount }),
  pricing: part({ per_vcpu_hr: price, per_gb_ram_hr: price, per_gb_storage_hr: price }),
  network_features: part({ dedicated_ip_available: flag }),
});

const v2Location = z.object({
  id: identifier,
  city: text,
  stateprovince: text,
  country: text,
  tier: amount,
  gpus: z.array(z.unknown()).nullish().catch(null),
});

const priced = part({ amount, price });
const v0Host = z.object({
  location: part({ city: text, region: text, country: text }),
  specs: z.object({
    cpu: priced,
    ram: priced,
    storage: priced,
    gpu: z.record(z.string(), z.object({ amount, price }).catch({ amount: null, price: null })),
  }),
  status: part({ listed: flag, online: flag, uptime: amount }),
});

/** One card at one place, the same whichever interface it was read from. Prices per unit and hour, as sent. */
interface TensordockCard {
  readonly site: 'location' | 'hostnode';
  readonly siteId: string;
  readonly place: readonly string[];
  readonly gpuId: string;
  readonly gpuName: string;
  readonly gpuPrice: unknown;
  readonly vcpuPrice: unknown;
  readonly ramGbPrice: unknown;
  readonly diskGbPrice: unknown;
  /** What the place says it has left: for everybody, not per GPU; null where it does not say. */
  readonly free: { gpus: number | null; vcpus: number | null; ramGb: number | null; diskGb: number | null };
  readonly online: boolean;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** TensorDock fixes no sizes: every card is offered in STANDARD_SIZE, and what its parts cost stands in the attributes. */
export function tensordockBatch(answer: TensordockAnswer): OfferBatch {
  const batch = new OfferBatchBuilder();
  if ('hostnodes' in answer) {
    for (const [id, raw] of Object.entries(answer.hostnodes)) readHost(batch, id, raw);
  } else {
    answer.data.locations.forEach((raw, position) => {
      readLocation(batch, raw, position);
    });
  }
  return batch.build();
}

function readLocation(batch: OfferBatchBuilder, raw: unknown, position: number): void {
  const read = v2Location.safeParse(raw);
  if (!read.success) {
    batch.reject('malformed', `location ${position}`, 'The location has no usable id.');
    return;
  }
  const { id, city, stateprovince, country, tier, gpus } = read.data;
  if ((gpus ?? []).length === 0) batch.reject('no_gpu', id, 'The location lists no GPU.');
  (gpus ?? []).forEach((rawGpu, index) => {
    const gpu = v2Gpu.safeParse(rawGpu);
    if (!gpu.success) {
      batch.reject('malformed', `${id} gpu ${index}`, 'The GPU has no usable name.');
      return;
    }
    const { resources, pricing, network_features: network } = gpu.data;
    addCard(batch, {
      site: 'location',
      siteId: id,
      place: wordsOf(city, stateprovince, country),
      gpuId: gpu.data.v0Name,
      gpuName: wordsOf(gpu.data.displayName, gpu.data.v0Name)[0] ?? '',
      gpuPrice: gpu.data.price_per_hr,
      vcpuPrice: pricing?.per_vcpu_hr,
      ramGbPrice: pricing?.per_gb_ram_hr,
      diskGbPrice: pricing?.per_gb_storage_hr,
      free: {
        gpus: gpu.data.max_count ?? null,
        vcpus: resources?.max_vcpus ?? null,
        ramGb: resources?.max_ram_gb ?? null,
        diskGb: resources?.max_storage_gb ?? null,
      },
      online: true,
      attributes: { tier, dedicated_ip_available: network?.dedicated_ip_available },
    });
  });
}

function readHost(batch: OfferBatchBuilder, id: string, raw: unknown): void {
  const read = v0Host.safeParse(raw);
  if (!read.success) {
    batch.reject('malformed', id, 'The host has no list of GPUs.');
    return;
  }
  const { location, specs, status } = read.data;
  if (status?.listed === false) {
    batch.reject('not_for_sale', id, 'The host is not listed.');
    return;
  }
  const cards = Object.entries(specs.gpu);
  if (cards.length === 0) batch.reject('no_gpu', id, 'The host lists no GPU.');
  for (const [gpuId, gpu] of cards) {
    addCard(batch, {
      site: 'hostnode',
      siteId: id,
      place: wordsOf(location?.city, location?.region, location?.country),
      gpuId,
      gpuName: gpuId,
      gpuPrice: gpu.price,
      vcpuPrice: specs.cpu?.price,
      ramGbPrice: specs.ram?.price,
      diskGbPrice: specs.storage?.price,
      free: {
        gpus: gpu.amount ?? null,
        vcpus: specs.cpu?.amount ?? null,
        ramGb: specs.ram?.amount ?? null,
        diskGb: specs.storage?.amount ?? null,
      },
      online: status?.online !== false,
      attributes: { uptime: status?.uptime },
    });
  }
}

function addCard(batch: OfferBatchBuilder, card: TensordockCard): void {
  const perGpu = parseAmount(card.gpuPrice);
  const counts = STANDARD_GPU_COUNTS.filter((count) => count <= Math.max(1, card.free.gpus ?? 1));
  for (const count of counts) {
    const size = tensordockSize(count);
    // The parts cost money even where the GPU shows no price: a sum without it would look like a bargain.
    const usable = perGpu !== null && perGpu !== 'malformed' && perGpu.gt(0);
    const quote = usable ? quoteOf(card, times(perGpu.toFixed(), count), size) : null;
    batch.add({
      provider: 'tensordock',
      externalId: tensordockOfferId(card.site, card.siteId, card.gpuId, count),
      gpu: { name: card.gpuName },
      gpuCount: count,
      pricePerNodeHour: quote === null ? card.gpuPrice : quote.total,
      currency: 'USD',
      pricing: 'on_demand',
      region: regionFromPlace(regionText(card.place)),
      availability: card.online && fits(card, count, size) ? stockOf(card) : 'unavailable',
      cpuCores: size.vcpus,
      ramGb: size.ramGb,
      storageGb: size.diskGb,
      complianceTags: complianceOf('tensordock').tags,
      attributes: {
        ...card.attributes,
        upstream_id: card.siteId,
        site: card.site,
        place: card.place.join(', '),
        price_includes: quote?.includes,
        // Flagged, because the rest of the machine costs something that nobody was told.
        price_partial: (quote?.unpriced.length ?? 0) > 0 ? true : null,
        price_unknown_for: (quote?.unpriced.length ?? 0) > 0 ? quote?.unpriced : null,
        gpu_usd_per_hour: card.gpuPrice,
        vcpu_usd_per_hour: card.vcpuPrice,
        ram_usd_per_gb_hour: card.ramGbPrice,
        disk_usd_per_gb_hour: card.diskGbPrice,
        size_chosen_by: 'gpubroker',
        max_gpu_count: card.free.gpus,
        max_vcpus: card.free.vcpus,
        max_ram_gb: card.free.ramGb,
        max_disk_gb: card.free.diskGb,
        stock_confidence: 'low',
      },
    });
  }
}

export function tensordockSize(gpuCount: number): { vcpus: number; ramGb: number; diskGb: number } {
  const { vcpusPerGpu, ramGbPerGpu, diskGb } = STANDARD_SIZE;
  return { vcpus: vcpusPerGpu * gpuCount, ramGb: ramGbPerGpu * gpuCount, diskGb };
}

/** Everything that a booking needs, and nothing that moves: sizes follow from the count. */
function tensordockOfferId(site: string, siteId: string, gpuId: string, count: number): string {
  return [site, siteId, gpuId, count].join('|');
}

function quoteOf(card: TensordockCard, gpuTerm: string, size: ReturnType<typeof tensordockSize>) {
  return priceOfParts(gpuTerm, [
    { name: 'cpu', units: size.vcpus, unitPrice: card.vcpuPrice },
    { name: 'ram', units: size.ramGb, unitPrice: card.ramGbPrice },
    { name: 'disk', units: size.diskGb, unitPrice: card.diskGbPrice },
  ]);
}

/** Limits are of the place, for all of its GPUs together; one that is not told does not limit. */
function fits({ free }: TensordockCard, count: number, size: ReturnType<typeof tensordockSize>): boolean {
  return (
    count <= (free.gpus ?? count) &&
    size.vcpus <= (free.vcpus ?? size.vcpus) &&
    size.ramGb <= (free.ramGb ?? size.ramGb) &&
    size.diskGb <= (free.diskGb ?? size.diskGb)
  );
}

function stockOf({ free }: TensordockCard): 'available' | 'unknown' {
  return free.gpus === null ? 'unknown' : 'available';
}

function wordsOf(...parts: readonly (string | null | undefined)[]): string[] {
  return parts.map((part) => part?.trim() ?? '').filter((part) => part !== '');
}

function regionText(place: readonly string[]): string {
  return [...place.slice(0, -1), countryCode(place.at(-1) ?? '')].join(', ');
}
