import { completeOffer, type OfferBatch, type ProviderOffer } from '@gpubroker/provider-adapter/adapter';

const CARDS = [
  ['NVIDIA H100 80GB HBM3', 80],
  ['NVIDIA H100 PCIe', 80],
  ['NVIDIA H200', 141],
  ['NVIDIA A100-SXM4-80GB', 80],
  ['NVIDIA A100 80GB PCIe', 80],
  ['NVIDIA L40S', 48],
  ['NVIDIA L4', 24],
  ['NVIDIA A40', 48],
  ['NVIDIA RTX A6000', 48],
  ['NVIDIA RTX A5000', 24],
  ['NVIDIA RTX A4000', 16],
  ['NVIDIA GeForce RTX 4090', 24],
  ['NVIDIA GeForce RTX 3090', 24],
  ['NVIDIA GeForce RTX 5090', 32],
  ['NVIDIA Tesla V100', 16],
  ['NVIDIA T4', 16],
  ['AMD Instinct MI300X', 192],
] as const;
const REGIONS = [
  'us-utah', 'us-texas', 'us-california', 'us-virginia', 'us-iowa', 'ca-quebec', 'eu-west-1', 'eu-central-1', 'se-sweden',
  'fr-paris', 'de-berlin', 'gb-london', 'jp-tokyo', 'sg-singapore', 'in-mumbai', 'br-saopaulo', 'au-sydney', 'global',
] as const; // prettier-ignore
const COUNTS = [1, 1, 1, 2, 4, 8] as const;
const PRICINGS = ['on_demand', 'spot', 'bid'] as const;
const STOCK = ['available', 'available', 'limited', 'unavailable'] as const;
const TAGS = [[], ['soc2'], ['soc2', 'iso27001', 'hipaa']] as const;

/** Spreads whole numbers evenly, the same in every run. */
const scatter = (at: number, salt: number): number => Math.imul(at + 1, 2_654_435_761 + salt * 2) >>> 8;
const pick = <T>(values: readonly T[], number: number): T => values[number % values.length] as T;

/**
 * Offers as an adapter hands them over, normalised by the product's own code.
 * @param round each round moves every price by some cents, below what the sanity gate holds back
 */
export function madeBatch(provider: string, count: number, round: number): OfferBatch {
  return { offers: Array.from({ length: count }, (_, at) => madeOffer(provider, at, round)), rejected: [] };
}

function madeOffer(provider: string, at: number, round: number): ProviderOffer {
  const [name, gb] = pick(CARDS, scatter(at, 1));
  const count = pick(COUNTS, scatter(at, 2));
  const cents = 30 + (scatter(at, 3) % 400) + round;
  const offer = completeOffer({
    provider,
    externalId: `machine-${at}|on_demand`,
    gpu: { name, gb },
    gpuCount: count,
    pricePerNodeHour: ((cents * count) / 100).toFixed(2),
    currency: 'USD',
    pricing: pick(PRICINGS, scatter(at, 4)),
    region: pick(REGIONS, scatter(at, 5)),
    availability: pick(STOCK, scatter(at, 6)),
    cpuCores: 8 * count,
    ramGb: 64 * count,
    storageGb: 500,
    complianceTags: pick(TAGS, scatter(at, 7)),
    attributes: {
      upstream_id: String(at),
      machine_id: scatter(at, 8),
      host_id: scatter(at, 9),
      verification: 'verified',
      price_includes: ['gpu', 'cpu', 'ram'],
      cpu_name: 'AMD EPYC 7763 64-Core Processor',
      driver_version: '550.54.15',
    },
  });
  if ('reason' in offer) throw new Error(offer.detail);
  return offer;
}
