import type { PriceSource, ReferenceEntry } from '../../market/reference-entry';

const PRICING_PAGE: PriceSource = {
  text: 'vast.ai/pricing, cheapest host of the model, as collected by tardellirs/gpu-pricing (MIT)',
  date: '2026-05-24',
};
const SEARCH: PriceSource = {
  text: 'vast.ai bundles search, dph_base of a recorded row per GPU (Pukujan/vastai-gpu-broker)',
  date: '2026-09-28',
};
const BID_SEARCH: PriceSource = {
  text: 'vast.ai bundles search of type bid, dph_base of a recorded row per GPU (Pukujan/vastai-gpu-broker)',
  date: '2026-09-28',
};
const HALF_PRICE: PriceSource = {
  text: 'half of the on-demand price, as vast.ai documents interruptible (collected by tardellirs/gpu-pricing)',
  date: '2026-05-24',
};

/** Only a bid row of this card was recorded: its on-demand level follows from the floor by the rule of the half price. */
const TWICE_THE_BID: PriceSource = { text: 'twice the recorded bid floor', date: '2026-09-28' };

/** What every host of one card has in common. */
export interface VastCard {
  /** As the API spells it. */
  readonly name: string;
  readonly model: string;
  /** MiB as the driver reports them. */
  readonly gpuRam: number;
  /** Compute capability × 100. */
  readonly computeCap: number;
  /** USD per GPU-hour of the cheapest host. */
  readonly price: string;
  readonly source: PriceSource;
  readonly bid: string;
  readonly bidSource: PriceSource;
  /** GPUs of each host, one host per item. */
  readonly hosts: readonly [number, ...number[]];
}

const COMMON = [1, 2, 1, 4] as const;
const POPULAR = [1, 1, 2, 4, 8, 1, 2, 8] as const;
const RARE = [1, 2] as const;

type CardRow = readonly [
  name: string,
  model: string,
  gpuRam: number,
  computeCap: number,
  price: string,
  source: PriceSource,
  bid: string,
  bidSource: PriceSource,
  hosts: readonly [number, ...number[]],
];

const ROWS: readonly CardRow[] = [
  ['RTX 3060', 'RTX-3060', 12288, 860, '0.05', PRICING_PAGE, '0.025', HALF_PRICE, COMMON],
  ['RTX 3070', 'RTX-3070', 8192, 860, '0.06', PRICING_PAGE, '0.03', HALF_PRICE, COMMON],
  ['RTX 2080 Ti', 'RTX-2080-TI', 11264, 750, '0.08', PRICING_PAGE, '0.04', HALF_PRICE, RARE],
  ['RTX 3080', 'RTX-3080', 10240, 860, '0.09', PRICING_PAGE, '0.045', HALF_PRICE, COMMON],
  ['RTX 5070', 'RTX-5070', 12227, 1200, '0.10', PRICING_PAGE, '0.05', HALF_PRICE, COMMON],
  ['L4', 'L4', 23034, 890, '0.13', PRICING_PAGE, '0.065', HALF_PRICE, COMMON],
  ['RTX 3090', 'RTX-3090', 24576, 860, '0.15', PRICING_PAGE, '0.11', PRICING_PAGE, POPULAR],
  ['Tesla V100', 'V100', 32768, 700, '0.026667', SEARCH, '0.013333', SEARCH, RARE],
  ['A10', 'A10', 23028, 860, '0.20', PRICING_PAGE, '0.10', HALF_PRICE, RARE],
  ['RTX 4090', 'RTX-4090', 24564, 890, '0.31', PRICING_PAGE, '0.29', PRICING_PAGE, POPULAR],
  ['RTX A6000', 'RTX-A6000', 49140, 860, '0.39', PRICING_PAGE, '0.25', PRICING_PAGE, COMMON],
  ['L40S', 'L40S', 46068, 890, '0.40', PRICING_PAGE, '0.28', PRICING_PAGE, COMMON],
  ['RTX 5090D', 'RTX-5090-D', 32607, 1200, '0.40', SEARCH, '0.298', SEARCH, RARE],
  ['A40', 'A40', 46068, 860, '0.41', PRICING_PAGE, '0.205', HALF_PRICE, COMMON],
  ['RTX 5090', 'RTX-5090', 32607, 1200, '0.52', SEARCH, '0.40', SEARCH, POPULAR],
  ['L40', 'L40', 46068, 890, '0.58', PRICING_PAGE, '0.29', HALF_PRICE, COMMON],
  ['A100 SXM4', 'A100-80GB-SXM', 81920, 800, '0.60', PRICING_PAGE, '0.47', PRICING_PAGE, POPULAR],
  ['A100 PCIE', 'A100-40GB-PCIE', 40960, 800, '0.67', PRICING_PAGE, '0.335', HALF_PRICE, COMMON],
  ['A800 PCIE', 'A800-80GB', 81920, 800, '0.258667', TWICE_THE_BID, '0.129333', BID_SEARCH, RARE],
  ['RTX PRO 6000 Max-Q', 'RTX-PRO-6000-MAXQ', 97887, 1200, '1.20', SEARCH, '1.25', SEARCH, COMMON],
  ['H100 SXM', 'H100-SXM', 81559, 900, '1.49', PRICING_PAGE, '1.10', PRICING_PAGE, POPULAR],
  ['RTX PRO 6000 S', 'RTX-PRO-6000-SE', 97887, 1200, '1.484', SEARCH, '0.747733', SEARCH, COMMON],
  ['H100 NVL', 'H100-NVL', 95830, 900, '1.69', PRICING_PAGE, '0.845', HALF_PRICE, COMMON],
  ['H100 PCIE', 'H100-PCIE', 81559, 900, '1.97', PRICING_PAGE, '0.985', HALF_PRICE, COMMON],
  ['H200', 'H200-SXM', 143771, 900, '2.40', PRICING_PAGE, '1.20', HALF_PRICE, POPULAR],
  ['B200', 'B200', 183359, 1000, '4.40', PRICING_PAGE, '2.20', HALF_PRICE, POPULAR],
];

export const VAST_CARDS: readonly VastCard[] = ROWS.map(
  ([name, model, gpuRam, computeCap, price, source, bid, bidSource, hosts]) => ({
    name,
    model,
    gpuRam,
    computeCap,
    price,
    source,
    bid,
    bidSource,
    hosts,
  }),
);

/** Both ways in which a card is sold: the on-demand price and the lowest bid. */
export function referenceEntries(
  card: VastCard,
  regions: readonly string[],
): readonly [ReferenceEntry, ReferenceEntry] {
  const shared = {
    cloud: 'vastai',
    model: card.model,
    gpuCounts: [...new Set(card.hosts)].sort((a, b) => a - b),
    regions,
    unit: 'gpu_hour',
  } as const;
  return [
    { ...shared, key: card.name, listPrice: card.price, pricing: 'on_demand', source: card.source },
    { ...shared, key: `${card.name} bid`, listPrice: card.bid, pricing: 'bid', source: card.bidSource },
  ];
}
