import { OfferBatchBuilder, type OfferBatch, type StockLevel } from '@gpubroker/provider-adapter/adapter';
import { regionCode, type GpuForm } from '@gpubroker/provider-adapter/normalise';
import { complianceOf } from '../cloud-compliance';
import {
  availabilityEntry,
  catalogProduct,
  serverType,
  type CatalogProduct,
  type ScalewayZone,
  type ServerType,
} from './scaleway.answers';
import { hourlyPrice } from './scaleway.price';

/** Zones name no currency; Scaleway bills in euro, as its catalogue says. */
const ZONE_CURRENCY = 'EUR';
const BYTES_PER_GIB = 1_073_741_824;

/** One type in one zone, as far as it is known from either list. */
interface ScalewayOffer {
  readonly type: string;
  readonly zone: string;
  product: CatalogProduct | null;
  server: ServerType | null;
  stock: string | null;
}

/**
 * The catalogue has prices with their currency and unit for everybody; the zones have GPU memory and stock for those with
 * a key. A type may stand in one of them only.
 */
export function scalewayBatch(products: readonly unknown[], zones: readonly ScalewayZone[]): OfferBatch {
  const batch = new OfferBatchBuilder();
  const offers = new Map<string, ScalewayOffer>();
  const offerOf = (type: string, zone: string): ScalewayOffer => {
    const found = offers.get(`${type}|${zone}`) ?? { type, zone, product: null, server: null, stock: null };
    offers.set(`${type}|${zone}`, found);
    return found;
  };
  products.forEach((raw, position) => {
    const read = catalogProduct.safeParse(raw);
    if (!read.success) batch.reject('malformed', `product ${position}`, 'The product has no name or zone.');
    else if (!/^instance$/i.test(read.data.product_category ?? 'Instance')) {
      batch.reject('unsupported_product', rowName(read.data), 'Not an instance by the hour.');
    } else offerOf(read.data.product, read.data.locality.zone).product = read.data;
  });
  for (const { zone, servers, availability } of zones) {
    for (const [type, raw] of Object.entries(servers)) {
      const read = serverType.safeParse(raw);
      if (!read.success) batch.reject('malformed', `${type}|${zone}`, 'The type is no object.');
      else {
        const offer = offerOf(type, zone);
        const stock = availabilityEntry.safeParse(availability[type]);
        offer.server = read.data;
        offer.stock = stock.success ? (stock.data.availability ?? null) : null;
      }
    }
  }
  for (const offer of offers.values()) addOffer(batch, offer);
  return batch.build();
}

/** Zones in which the catalogue has a GPU: the others need not be asked. */
export function gpuZones(products: readonly unknown[]): string[] {
  const zones = products.flatMap((raw) => {
    const read = catalogProduct.safeParse(raw);
    return read.success && (read.data.properties?.hardware?.gpu?.count ?? 0) > 0 ? [read.data.locality.zone] : [];
  });
  return [...new Set(zones)].sort();
}

function addOffer(batch: OfferBatchBuilder, offer: ScalewayOffer): void {
  const { type, zone, product, server, stock } = offer;
  const row = `${type}|${zone}`;
  const hardware = product?.properties?.hardware;
  const gpus = server?.gpu ?? hardware?.gpu?.count ?? 0;
  const gpuName = server?.gpu_info?.gpu_name ?? hardware?.gpu?.type ?? '';
  if (gpus === 0) batch.reject('no_gpu', row, 'The type has no GPU.');
  else if (!Number.isInteger(gpus) || gpus < 0) batch.reject('out_of_range', row, 'That is no number of GPUs.');
  else if (gpuName === '') batch.reject('missing_field', row, 'Nothing says which GPU the type has.');
  else if (isWithdrawn(product, server)) batch.reject('not_for_sale', row, 'The type is no longer sold.');
  else {
    const price = priceOf(product, server);
    if (price === undefined) {
      batch.reject('unsupported_product', row, 'The price is per something that is no time.');
      return;
    }
    const profile = server?.mig_profile ?? '';
    const slice = profile === '' ? null : profile;
    const memory = server?.gpu_info?.gpu_memory;
    batch.add({
      provider: 'scaleway',
      externalId: `${row}|on_demand`,
      gpu: {
        name: slice === null ? gpuName : `${gpuName} MIG ${slice}`,
        gb: memory === null || memory === undefined ? memoryOfType(type) : memory / BYTES_PER_GIB,
        form: formOf(type),
      },
      upstreamGpuName: gpuName,
      gpuCount: gpus,
      pricePerNodeHour: price.amount,
      currency: price.currency,
      pricing: 'on_demand',
      region: regionCode(zone),
      availability: stockLevel(stock),
      cpuCores: server?.ncpus ?? hardware?.cpu?.threads,
      ramGb: gib(server?.ram ?? hardware?.ram?.size),
      // Local scratch disk; the root disk is block storage, and billed beside the machine.
      storageGb: gigabytes(server?.scratch_storage_max_size),
      complianceTags: complianceOf('scaleway').tags,
      attributes: {
        upstream_id: type,
        sku: product?.sku,
        price_includes: ['gpu', 'cpu', 'ram'],
        price_excludes: ['root_disk', 'ipv4'],
        mig_profile: slice,
        cpu_name: hardware?.cpu?.type,
        stock,
        status: product?.status,
        kg_co2_per_unit_of_measure: product?.environmental_impact_estimation?.kg_co2_equivalent,
      },
    });
  }
}

/** The catalogue's price first: it says its currency and unit, which differs from row to row. */
function priceOf(
  product: CatalogProduct | null,
  server: ServerType | null,
): { amount: unknown; currency: string } | undefined {
  const retail = product?.price?.retail_price ?? null;
  if (retail === null) return { amount: server?.hourly_price, currency: ZONE_CURRENCY };
  const amount = hourlyPrice({
    units: retail.units,
    nanos: retail.nanos,
    unit: product?.unit_of_measure?.unit ?? null,
    size: product?.unit_of_measure?.size ?? null,
  });
  return amount === undefined ? undefined : { amount, currency: retail.currency_code ?? ZONE_CURRENCY };
}

function isWithdrawn(product: CatalogProduct | null, server: ServerType | null): boolean {
  return server?.end_of_service === true || /^end_of_(?:sale|support|life|service)/.test(product?.status ?? '');
}

/** The catalogue does not tell it; the type's name does ("L4-8-24G", of one GPU), but for the oldest. */
function memoryOfType(type: string): number | undefined {
  if (type === 'RENDER-S') return 16;
  const [, gb] = /-(\d+)G$/i.exec(type) ?? [];
  return gb === undefined ? undefined : Number(gb);
}

/** "H100-SXM-2-80G" says what its GPU's name may leave open. */
function formOf(type: string): GpuForm | null {
  const [, form] = /-(SXM|PCIE|NVL)-/i.exec(type) ?? [];
  switch (form?.toUpperCase()) {
    case 'SXM':
      return 'SXM';
    case 'PCIE':
      return 'PCIE';
    case 'NVL':
      return 'NVL';
    default:
      return null;
  }
}

/** Three words; a type without one is not known to be there. */
function stockLevel(word: string | null): StockLevel {
  switch (word?.toLowerCase()) {
    case 'available':
      return 'available';
    case 'scarce':
      return 'limited';
    case 'shortage':
      return 'unavailable';
    default:
      return 'unknown';
  }
}

function gib(bytes: number | null | undefined): number | null {
  return bytes === null || bytes === undefined ? null : Math.round((bytes / BYTES_PER_GIB) * 1_000) / 1_000;
}

function gigabytes(bytes: number | null | undefined): number | null {
  return bytes === null || bytes === undefined ? null : bytes / 1_000_000_000;
}

function rowName({ product, locality }: CatalogProduct): string {
  return `${product}|${locality.zone}`;
}
