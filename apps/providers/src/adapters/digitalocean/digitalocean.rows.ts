import { OfferBatchBuilder, type OfferBatch } from '@gpubroker/provider-adapter/adapter';
import { gbFrom, identifyGpu, regionCode } from '@gpubroker/provider-adapter/normalise';
import { z } from 'zod';
import { complianceOf } from '../cloud-compliance';
import { amount, flag, list, part, price, text } from '../upstream-fields';

export const digitaloceanPage = z.object({
  sizes: z.array(z.unknown()),
  links: part({
    pages: part({ next: text }),
  }),
  meta: part({ total: amount }),
});

/** Stands for the region of a size that no region has. */
export const NO_REGION = 'none';

const measure = part({ amount, unit: text });

const digitaloceanSize = z.object({
  slug: z.string().min(1),
  memory: amount,
  vcpus: amount,
  disk: amount,
  transfer: amount,
  price_hourly: price,
  regions: list(z.string().min(1)),
  available: flag,
  description: text,
  gpu_info: part({ count: amount, model: text, vram: measure }),
  disk_info: list(z.object({ type: text, size: measure })),
});
type Size = z.output<typeof digitaloceanSize>;

interface Card {
  /** `nvidia_h100` without its maker. */
  readonly name: string;
  readonly count: number;
  /** Of one GPU, as the cloud reports it. */
  readonly gib: number | undefined;
}

/**
 * One offer per size and region. `available` says that the size is sold at all; only the regions say where.
 * @param total sizes that the cloud says it has; more than came are reported as a rejected row
 */
export function digitaloceanBatch(rows: readonly unknown[], total: number | null): OfferBatch {
  const batch = new OfferBatchBuilder();
  rows.forEach((raw, position) => {
    const read = digitaloceanSize.safeParse(raw);
    if (!read.success) batch.reject('malformed', `size ${position}`, 'The size has no slug.');
    else addSize(batch, read.data);
  });
  if (total !== null && total > rows.length) {
    batch.reject('missing_field', 'meta.total', `The cloud counts ${total} sizes and sent ${rows.length}.`);
  }
  return batch.build();
}

function addSize(batch: OfferBatchBuilder, size: Size): void {
  const card = cardOf(size);
  if (card === null) batch.reject('no_gpu', size.slug, 'The size has no GPU.');
  else if (isContracted(size.slug)) {
    // Bookable by nobody who has not signed for a term: beside on-demand prices it would look like a bargain.
    batch.reject('unsupported_product', size.slug, 'Sold under a contract with a minimum term.');
  } else if (contradictsItself(size, card)) {
    batch.reject(
      'malformed',
      size.slug,
      'A GPU is named that has no such memory, on a size that is none of the GPU sizes.',
    );
  } else {
    const regions = regionsOf(size);
    if (regions.length === 0) addOffer(batch, size, card, null);
    else for (const region of regions) addOffer(batch, size, card, region);
  }
}

function addOffer(batch: OfferBatchBuilder, size: Size, card: Card, region: string | null): void {
  const spot = isSpot(size.slug);
  const disks = disksOf(size);
  batch.add({
    provider: 'digitalocean',
    externalId: [size.slug, region ?? NO_REGION, spot ? 'spot' : 'on_demand'].join('|'),
    gpu: { name: card.name, gb: card.gib, form: formOf(card) },
    upstreamGpuName: size.gpu_info?.model ?? card.name,
    gpuCount: card.count,
    pricePerNodeHour: withoutFloatNoise(size.price_hourly),
    currency: 'USD',
    pricing: spot ? 'spot' : 'on_demand',
    region: regionCode(region),
    availability: region === null || size.available === false ? 'unavailable' : 'available',
    cpuCores: size.vcpus,
    ramGb: gbFrom(size.memory, 'MiB'),
    storageGb: disks.boot === null ? null : disks.boot + disks.scratch,
    complianceTags: complianceOf('digitalocean').tags,
    attributes: {
      upstream_id: size.slug,
      description: size.description,
      gpu_memory_total_gib: size.gpu_info?.vram?.amount,
      boot_disk_gb: disks.boot,
      scratch_disk_gb: disks.scratch > 0 ? disks.scratch : null,
      transfer_tb_per_month: size.transfer,
      network_fabric: /-fabric\b/.test(size.slug) ? true : null,
      price_includes: ['gpu', 'cpu', 'ram', 'disk'],
    },
  });
}

function cardOf({ gpu_info: gpu }: Size): Card | null {
  const count = gpu?.count ?? 0;
  if (!gpu || count <= 0 || (gpu.model ?? '') === '') return null;
  const total = gpu.vram?.amount ?? null;
  // The node's, not the card's: 640 for eight H100.
  return {
    name: (gpu.model ?? '').replace(/^(?:nvidia|amd)_/i, ''),
    count,
    gib: total === null ? undefined : total / count,
  };
}

/** The vendor's own example pairs a one-CPU droplet with an H100 of 25 GiB: it would be the cheapest H100 of all. */
function contradictsItself({ slug }: Size, { name, gib }: Card): boolean {
  return !slug.startsWith('gpu-') && identifyGpu({ name, gb: gib }).oddMemory;
}

/** DigitalOcean's Hopper nodes are HGX boards, the single cards a part of one. */
function formOf({ name }: Card): 'SXM' | null {
  return /^h[12]00$/i.test(name) ? 'SXM' : null;
}

function isSpot(slug: string): boolean {
  return /-spot$/.test(slug);
}

function isContracted(slug: string): boolean {
  return /-contracted$/.test(slug);
}

function regionsOf({ regions }: Size): string[] {
  return regions ?? [];
}

/** Boot and scratch disk in GB; old sizes have only `disk`. */
function disksOf({ disk, disk_info: parts }: Size): { boot: number | null; scratch: number } {
  const sum = (type: string) => (parts ?? []).reduce((gb, part) => (part.type === type ? gb + gbOf(part.size) : gb), 0);
  const local = sum('local');
  return { boot: local > 0 ? local : gbFrom(disk, 'GiB'), scratch: sum('scratch') };
}

function gbOf(size: z.output<typeof measure>): number {
  const gb = gbFrom(size?.amount, 'GiB') ?? 0;
  return /^t/i.test(size?.unit ?? '') ? gb * 1_024 : gb;
}

/** Some answers hold a 32-bit float in decimal (0.00743999984 for 0.00744): six digits that say the same are the price. */
function withoutFloatNoise(price: number | string | null | undefined): unknown {
  if (typeof price !== 'number' || price === 0) return price;
  const short = Number(price.toPrecision(6));
  return Math.abs(short - price) / Math.abs(price) < 1e-7 ? short : price;
}
