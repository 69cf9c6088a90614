import { OfferBatchBuilder, type OfferBatch, type StockLevel } from '@gpubroker/provider-adapter/adapter';
import { gbFrom, parseAmount, regionCode, times } from '@gpubroker/provider-adapter/normalise';
import { z } from 'zod';
import { complianceOf } from '../cloud-compliance';
import { amount, flag, price, text } from '../upstream-fields';

/** GET /core/flavors: flavors in groups of one GPU and region. */
export const flavorsAnswer = z.object({ data: z.array(z.unknown()) });
/** GET /core/stocks. */
export const stocksAnswer = z.object({ stocks: z.array(z.unknown()) });
/** GET /pricebook: a bare list, prices per unit and hour without region or count. */
export const pricebookAnswer = z.array(z.unknown());

const flavorGroup = z.object({ gpu: text, region_name: text, flavors: z.array(z.unknown()) });

const flavor = z.object({
  id: amount,
  name: z.string().min(1),
  cpu: amount,
  ram: amount,
  disk: amount,
  ephemeral: amount,
  gpu: text,
  gpu_count: amount,
  region_name: text,
  stock_available: flag,
});
type Flavor = z.output<typeof flavor>;

const pricebookItem = z.object({
  name: z.string().min(1),
  value: price,
  original_value: price,
  discount_applied: flag,
  end_time: text,
});
type PricebookItem = z.output<typeof pricebookItem>;

const stockModel = z.object({
  model: z.string().min(1),
  /** A number of cards, or a floor: "10+". */
  available: z
    .union([z.string(), z.number().transform(String)])
    .nullish()
    .catch(null),
  planned_7_days: text,
  planned_30_days: text,
  configurations: z.record(z.string(), amount).nullish().catch(null),
});
type StockModel = z.output<typeof stockModel>;
const stockRegion = z.object({ region: z.string().min(1), models: z.array(z.unknown()) });

export interface HyperstackLists {
  readonly flavors: readonly unknown[];
  readonly stocks: readonly unknown[];
  readonly pricebook: readonly unknown[];
}

/** Joins the three lists by the name of the GPU. A flavor without a price, or a price without a flavor, is no offer. */
export function hyperstackBatch({ flavors, stocks, pricebook }: HyperstackLists): OfferBatch {
  const batch = new OfferBatchBuilder();
  const prices = pricesByName(batch, pricebook);
  const stock = stockByModel(stocks);
  const priced = new Set<string>();
  flavors.forEach((raw, position) => {
    const group = flavorGroup.safeParse(raw);
    if (!group.success) {
      batch.reject('malformed', `group ${position}`, 'The group has no list of flavors.');
      return;
    }
    group.data.flavors.forEach((rawFlavor, index) => {
      const read = flavor.safeParse(rawFlavor);
      if (!read.success) batch.reject('malformed', `group ${position} flavor ${index}`, 'The flavor has no name.');
      else {
        const gpu = firstText(read.data.gpu, group.data.gpu);
        const region = firstText(read.data.region_name, group.data.region_name);
        if (gpu !== '') priced.add(gpu);
        addFlavor(batch, read.data, { gpu, region, item: prices.get(gpu), stock: stock.get(`${region}|${gpu}`) });
      }
    });
  });
  for (const name of prices.keys()) {
    if (!priced.has(name))
      batch.reject('unsupported_product', name, 'A price for which there is no machine with a GPU.');
  }
  return batch.build();
}

interface Joined {
  readonly gpu: string;
  readonly region: string;
  readonly item: PricebookItem | undefined;
  readonly stock: StockModel | undefined;
}

function addFlavor(batch: OfferBatchBuilder, one: Flavor, { gpu, region, item, stock }: Joined): void {
  const row = `${one.name}|${region}`;
  const gpus = one.gpu_count ?? 0;
  if (gpu === '' || gpus === 0) batch.reject('no_gpu', row, 'The flavor has no GPU.');
  else if (region === '') batch.reject('missing_field', row, 'The flavor is in no region.');
  else if (!Number.isInteger(gpus) || gpus < 0) batch.reject('out_of_range', row, 'That is no number of GPUs.');
  else {
    const perGpu = parseAmount(item?.value);
    // Spot is another GPU name with its own price and flavors.
    const spot = /-spot$/i.test(gpu);
    batch.add({
      provider: 'hyperstack',
      externalId: `${one.name}|${region}|${spot ? 'spot' : 'on_demand'}`,
      gpu: { name: gpu.replace(/-spot$/i, '') },
      upstreamGpuName: gpu,
      gpuCount: gpus,
      pricePerNodeHour: perGpu === null || perGpu === 'malformed' ? item?.value : times(perGpu.toFixed(), gpus),
      currency: 'USD',
      pricing: spot ? 'spot' : 'on_demand',
      region: regionCode(region),
      availability: stockLevel(one, gpus, stock),
      cpuCores: one.cpu,
      ramGb: gbFrom(one.ram, 'GB'),
      storageGb: sum(one.disk, one.ephemeral),
      complianceTags: complianceOf('hyperstack').tags,
      attributes: {
        upstream_id: one.id,
        upstream_region: region,
        price_includes: ['gpu', 'cpu', 'ram', 'disk'],
        root_disk_gb: one.disk,
        // Lost when the machine is hibernated or ends.
        ephemeral_disk_gb: one.ephemeral,
        nvlink: /nvlink/i.test(gpu) ? true : null,
        list_price_per_gpu_hour: item?.discount_applied === true ? item.original_value : null,
        discount_until: item?.discount_applied === true ? item.end_time : null,
        stock: stock?.available,
        stock_planned_7_days: stock?.planned_7_days,
        stock_planned_30_days: stock?.planned_30_days,
      },
    });
  }
}

/** The flavor's own word first: the counts are of the card, whatever size its machines have. */
function stockLevel(one: Flavor, gpus: number, stock: StockModel | undefined): StockLevel {
  if (one.stock_available === false) return 'unavailable';
  const machines = stock?.configurations?.[`${gpus}x`];
  if (typeof machines === 'number') return machines > 0 ? 'available' : 'unavailable';
  if (one.stock_available === true) return 'available';
  const cards = /^\s*(\d+)\s*\+?\s*$/.exec(stock?.available ?? '')?.[1];
  if (cards === undefined) return 'unknown';
  return Number(cards) >= gpus ? 'available' : 'unavailable';
}

function pricesByName(batch: OfferBatchBuilder, pricebook: readonly unknown[]): Map<string, PricebookItem> {
  const prices = new Map<string, PricebookItem>();
  pricebook.forEach((raw, position) => {
    const read = pricebookItem.safeParse(raw);
    if (read.success) prices.set(read.data.name, read.data);
    else batch.reject('malformed', `price ${position}`, 'The price is of nothing that has a name.');
  });
  return prices;
}

function stockByModel(stocks: readonly unknown[]): Map<string, StockModel> {
  const found = new Map<string, StockModel>();
  for (const raw of stocks) {
    const region = stockRegion.safeParse(raw);
    for (const one of region.success ? region.data.models : []) {
      const model = stockModel.safeParse(one);
      if (region.success && model.success) found.set(`${region.data.region}|${model.data.model}`, model.data);
    }
  }
  return found;
}

function firstText(...values: readonly (string | null | undefined)[]): string {
  return values.map((value) => value?.trim() ?? '').find((value) => value !== '') ?? '';
}

function sum(first: number | null | undefined, second: number | null | undefined): number | null {
  const known = [first, second].filter((value) => typeof value === 'number');
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
}
