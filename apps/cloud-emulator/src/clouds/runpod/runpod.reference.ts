import type { PriceSource, ReferenceEntry } from '../../market/reference-entry';

const PRICE_LIST: PriceSource = {
  text: 'api.runpod.io GraphQL gpuTypes, recorded by Jumbo2020/gpu_prices',
  date: '2025-06-21',
};

export type RunpodTier = 'secure' | 'community';

export interface RunpodCard {
  readonly id: string;
  readonly displayName: string;
  readonly model: string;
  readonly memoryInGb: number;
  readonly maxGpuCount: number;
  readonly sold: RunpodTier | 'both';
  /** USD per GPU-hour. In a tier that does not sell the card it is a filler or a left-over, and shown all the same. */
  readonly price: Readonly<Record<RunpodTier, string>>;
  readonly spot: Readonly<Record<RunpodTier, string | null>>;
}

type CardRow = readonly [
  id: string,
  displayName: string,
  model: string,
  memoryInGb: number,
  maxGpuCount: number,
  sold: RunpodCard['sold'],
  secure: string,
  community: string,
  secureSpot: string | null,
  communitySpot: string | null,
];

const ROWS: readonly CardRow[] = [
  ['AMD Instinct MI300X OAM', 'MI300X', 'MI300X', 192, 8, 'secure', '2.49', '0.5', '1.49', null],
  ['NVIDIA A100 80GB PCIe', 'A100 PCIe', 'A100-80GB-PCIE', 80, 8, 'both', '1.64', '1.19', '0.82', '0.6'],
  ['NVIDIA A100-SXM4-80GB', 'A100 SXM', 'A100-80GB-SXM', 80, 8, 'both', '1.74', '1.39', '0.95', '0.79'],
  ['NVIDIA A30', 'A30', 'A30', 24, 4, 'community', '0.41', '0.22', '0.21', '0.11'],
  ['NVIDIA A40', 'A40', 'A40', 48, 10, 'secure', '0.4', '0.35', '0.28', '0.24'],
  ['NVIDIA B200', 'B200', 'B200', 180, 8, 'secure', '6.39', '0.5', null, null],
  ['NVIDIA GeForce RTX 3070', 'RTX 3070', 'RTX-3070', 8, 8, 'community', '0', '0.13', null, '0.07'],
  ['NVIDIA GeForce RTX 3080', 'RTX 3080', 'RTX-3080', 10, 4, 'community', '0', '0.17', null, '0.09'],
  ['NVIDIA GeForce RTX 3080 Ti', 'RTX 3080 Ti', 'RTX-3080-TI', 12, 4, 'community', '0', '0.18', null, '0.09'],
  ['NVIDIA GeForce RTX 3090', 'RTX 3090', 'RTX-3090', 24, 9, 'both', '0.46', '0.22', '0.22', '0.11'],
  ['NVIDIA GeForce RTX 3090 Ti', 'RTX 3090 Ti', 'RTX-3090-TI', 24, 2, 'community', '0.46', '0.27', null, '0.14'],
  ['NVIDIA GeForce RTX 4070 Ti', 'RTX 4070 Ti', 'RTX-4070-TI', 12, 2, 'community', '0.5', '0.19', null, '0.1'],
  ['NVIDIA GeForce RTX 4080', 'RTX 4080', 'RTX-4080', 16, 2, 'community', '0.5', '0.27', null, '0.16'],
  [
    'NVIDIA GeForce RTX 4080 SUPER',
    'RTX 4080 SUPER',
    'RTX-4080-SUPER',
    16,
    6,
    'community',
    '0.5',
    '0.28',
    null,
    '0.17',
  ],
  ['NVIDIA GeForce RTX 4090', 'RTX 4090', 'RTX-4090', 24, 9, 'both', '0.69', '0.34', '0.35', '0.2'],
  ['NVIDIA GeForce RTX 5080', 'RTX 5080', 'RTX-5080', 16, 4, 'community', '0.59', '0.49', '0.3', '0.25'],
  ['NVIDIA GeForce RTX 5090', 'RTX 5090', 'RTX-5090', 32, 8, 'both', '0.94', '0.69', null, null],
  ['NVIDIA H100 80GB HBM3', 'H100 SXM', 'H100-SXM', 80, 8, 'both', '2.99', '2.69', '1.75', '1.5'],
  ['NVIDIA H100 NVL', 'H100 NVL', 'H100-NVL', 94, 10, 'both', '2.79', '2.59', '1.65', '1.4'],
  ['NVIDIA H100 PCIe', 'H100 PCIe', 'H100-PCIE', 80, 8, 'both', '2.19', '1.99', '1.25', '1.35'],
  ['NVIDIA H200', 'H200 SXM', 'H200-SXM', 141, 8, 'both', '3.99', '3.59', null, null],
  ['NVIDIA L4', 'L4', 'L4', 24, 10, 'secure', '0.43', '0.44', '0.22', null],
  ['NVIDIA L40', 'L40', 'L40', 48, 10, 'both', '0.99', '0.69', '0.5', null],
  ['NVIDIA L40S', 'L40S', 'L40S', 48, 8, 'both', '0.86', '0.79', '0.43', '0.4'],
  ['NVIDIA RTX 2000 Ada Generation', 'RTX 2000 Ada', 'RTX-2000-ADA', 16, 8, 'secure', '0.23', '0.5', '0.14', null],
  ['NVIDIA RTX 4000 Ada Generation', 'RTX 4000 Ada', 'RTX-4000-ADA', 20, 8, 'both', '0.26', '0.2', '0.19', '0.1'],
  [
    'NVIDIA RTX 5000 Ada Generation',
    'RTX 5000 Ada',
    'RTX-5000-ADA',
    32,
    8,
    'community',
    '0.83',
    '0.49',
    '0.42',
    '0.25',
  ],
  ['NVIDIA RTX 6000 Ada Generation', 'RTX 6000 Ada', 'RTX-6000-ADA', 48, 8, 'both', '0.77', '0.74', '0.39', '0.4'],
  ['NVIDIA RTX A2000', 'RTX A2000', 'RTX-A2000', 6, 4, 'community', '0.5', '0.12', null, '0.06'],
  ['NVIDIA RTX A4000', 'RTX A4000', 'RTX-A4000', 16, 12, 'both', '0.24', '0.17', '0.16', '0.09'],
  ['NVIDIA RTX A4500', 'RTX A4500', 'RTX-A4500', 20, 4, 'both', '0.25', '0.19', '0.18', '0.1'],
  ['NVIDIA RTX A5000', 'RTX A5000', 'RTX-A5000', 24, 10, 'both', '0.26', '0.16', '0.14', '0.11'],
  ['NVIDIA RTX A6000', 'RTX A6000', 'RTX-A6000', 48, 10, 'both', '0.49', '0.33', '0.33', '0.25'],
  [
    'NVIDIA RTX PRO 6000 Blackwell Workstation Edition',
    'RTX PRO 6000',
    'RTX-PRO-6000-WS',
    96,
    4,
    'secure',
    '1.79',
    '0.5',
    null,
    null,
  ],
  ['Tesla V100-FHHL-16GB', 'V100 FHHL', 'V100', 16, 8, 'community', '0', '0.19', null, '0.1'],
  ['Tesla V100-PCIE-16GB', 'Tesla V100', 'V100-PCIE', 16, 8, 'community', '0', '0.19', null, '0.1'],
  ['Tesla V100-SXM2-16GB', 'V100 SXM2', 'V100-SXM2-16GB', 16, 8, 'community', '0', '0.23', null, '0.12'],
  ['Tesla V100-SXM2-32GB', 'V100 SXM2 32GB', 'V100-SXM2-32GB', 32, 4, 'community', '0.49', '0.33', '0.25', '0.17'],
];

export const RUNPOD_CARDS: readonly RunpodCard[] = ROWS.map(
  ([id, displayName, model, memoryInGb, maxGpuCount, sold, secure, community, secureSpot, communitySpot]) => ({
    id,
    displayName,
    model,
    memoryInGb,
    maxGpuCount,
    sold,
    price: { secure, community },
    spot: { secure: secureSpot, community: communitySpot },
  }),
);

export function sells(card: RunpodCard, tier: RunpodTier): boolean {
  return card.sold === 'both' || card.sold === tier;
}

/** The list prices at which a tier really sells a card: on demand, and spot where there is one. */
export function referenceEntries(card: RunpodCard, tier: RunpodTier): ReferenceEntry[] {
  if (!sells(card, tier)) return [];
  const shared = {
    cloud: 'runpod',
    model: card.model,
    gpuCounts: Array.from({ length: card.maxGpuCount }, (_, count) => count + 1),
    regions: ['global'],
    unit: 'gpu_hour',
    source: PRICE_LIST,
  } as const;
  const spot = card.spot[tier];
  return [
    { ...shared, key: lotId(card, tier, 'on_demand'), listPrice: card.price[tier], pricing: 'on_demand' },
    ...(spot === null
      ? []
      : [{ ...shared, key: lotId(card, tier, 'spot'), listPrice: spot, pricing: 'spot' } satisfies ReferenceEntry]),
  ];
}

export function lotId(card: RunpodCard, tier: RunpodTier, pricing: 'on_demand' | 'spot'): string {
  return `${card.id} ${tier} ${pricing}`;
}
