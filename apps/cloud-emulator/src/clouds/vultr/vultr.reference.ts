import { collectedFrom, type PriceSource, type ReferenceEntry } from '../../market/reference-entry';

const RECORDED: PriceSource = {
  text: 'api.vultr.com v2/plans and v2/plans-metal, recorded in the tests of dstackai/gpuhunt (MPL-2.0)',
  date: '2025-01-08',
};
const PRICE_PAGE = collectedFrom('vultr.com/pricing');

export type VultrKind = 'on_demand' | 'spot';

export interface VultrPlan {
  readonly id: string;
  /** As `gpu_type`; null: the plan has no such member, only its id names the card. */
  readonly gpuType: string | null;
  /** As `gpu_count`: text on cloud plans, a number on metal; null: no such member. */
  readonly gpuCount: string | number | null;
  /** Of the whole plan. */
  readonly vramGb: number;
  /** Share or number of cards, whatever the members say. */
  readonly cards: number;
  readonly vcpus: number;
  readonly ramMb: number;
  readonly diskGb: number;
  readonly diskCount: number;
  readonly regions: readonly string[];
  readonly onDemand: ReferenceEntry;
  readonly spot: ReferenceEntry | null;
}

type Row = readonly [
  id: string,
  gpuType: string | null,
  model: string,
  gpuCount: string | number | null,
  cards: number,
  vramGb: number,
  size: readonly [vcpus: number, ramMb: number, diskGb: number, diskCount: number],
  onDemand: string,
  spot: string | null,
  source: PriceSource,
  ...regions: string[],
];

/** Both ages of the list stand beside each other: plans with GPU members, and plans with nothing but their id. */
const ROWS: readonly Row[] = [
  [
    'vcg-a16-6c-64g-16vram',
    'NVIDIA_A16',
    'A16',
    '1',
    1,
    16,
    [6, 65_536, 350, 1],
    '0.471',
    null,
    PRICE_PAGE,
    'ewr',
    'ord',
    'ams',
    'blr',
    'syd',
  ],
  [
    'vcg-a40-24c-120g-48vram',
    null,
    'A40',
    null,
    1,
    48,
    [24, 122_880, 1_400, 1],
    '1.712',
    null,
    PRICE_PAGE,
    'blr',
    'ewr',
  ],
  [
    'vcg-a100-1c-6g-4vram',
    'NVIDIA_A100',
    'A100-80GB',
    '1/20',
    0.05,
    4,
    [1, 6_144, 70, 1],
    '0.123',
    null,
    RECORDED,
    'ewr',
  ],
  [
    'vcg-a100-12c-120g-80vram',
    'NVIDIA_A100',
    'A100-80GB',
    '1',
    1,
    80,
    [12, 122_880, 1_400, 1],
    '2.397',
    null,
    PRICE_PAGE,
    'ewr',
    'lhr',
  ],
  [
    'vcg-l40s-16c-180g-48vram',
    'NVIDIA_L40S',
    'L40S',
    '1',
    1,
    48,
    [16, 184_320, 1_200, 1],
    '1.671',
    null,
    PRICE_PAGE,
    'ewr',
    'ord',
  ],
  ['vbm-72c-480gb-gh200-gpu', null, 'GH200-96GB', null, 1, 96, [72, 491_520, 960, 1], '1.99', null, PRICE_PAGE, 'atl'],
  [
    'vbm-64c-2048gb-8-l40-gpu',
    'NVIDIA_L40S',
    'L40S',
    8,
    8,
    384,
    [128, 2_097_152, 480, 2],
    '6.784',
    null,
    PRICE_PAGE,
    'ord',
  ],
  [
    'vbm-256c-2048gb-8-mi300x-gpu',
    null,
    'MI300X',
    null,
    8,
    1_536,
    [256, 2_321_924, 3_576, 8],
    '17.52',
    '14.72',
    RECORDED,
    'ord',
  ],
  [
    'vbm-112c-2048gb-8-h100-gpu',
    null,
    'H100-SXM',
    null,
    8,
    640,
    [224, 2_097_152, 960, 2],
    '23.92',
    '18.4',
    RECORDED,
    'sea',
    'ewr',
  ],
];

export const VULTR_PLANS: readonly VultrPlan[] = ROWS.map(
  ([
    id,
    gpuType,
    model,
    gpuCount,
    cards,
    vramGb,
    [vcpus, ramMb, diskGb, diskCount],
    onDemand,
    spot,
    source,
    ...regions
  ]) => {
    const entry = (kind: VultrKind, listPrice: string): ReferenceEntry => ({
      cloud: 'vultr',
      key: `${id} ${kind}`,
      model,
      gpuCounts: [cards],
      regions,
      listPrice,
      unit: 'node_hour',
      pricing: kind,
      source,
    });
    return {
      id,
      gpuType,
      gpuCount,
      vramGb,
      cards,
      vcpus,
      ramMb,
      diskGb,
      diskCount,
      regions,
      onDemand: entry('on_demand', onDemand),
      spot: spot === null ? null : entry('spot', spot),
    };
  },
);
