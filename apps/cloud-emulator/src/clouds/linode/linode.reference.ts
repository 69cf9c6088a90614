import type { PriceSource, ReferenceEntry } from '../../market/reference-entry';

const RECORDED: PriceSource = {
  text: "api.linode.com types, recorded in linode/linodego's tests (MIT)",
  date: '2024-07-19',
};

export interface LinodePlan {
  readonly id: string;
  readonly label: string;
  readonly gpus: number;
  readonly vcpus: number;
  readonly memoryMb: number;
  readonly diskMb: number;
  readonly transferGb: number;
  readonly monthly: number;
  readonly entry: ReferenceEntry;
}

/** Regions of the recorded availability; the cards stand in two or three of them. */
export const LINODE_REGIONS = [
  'us-central',
  'us-west',
  'us-southeast',
  'us-east',
  'eu-west',
  'ap-south',
  'us-ord',
  'fr-par',
  'us-sea',
  'br-gru',
  'nl-ams',
] as const;
const RTX6000_REGIONS = ['us-southeast', 'ap-south'] as const;

type Row = readonly [
  gpus: number,
  vcpus: number,
  memoryMb: number,
  diskMb: number,
  transferGb: number,
  monthly: number,
  usd: string,
];

/** Three GPUs have 20 vCPUs: neither a power of two nor in proportion. */
const ROWS: readonly Row[] = [
  [1, 8, 32_768, 655_360, 16_000, 1_000, '1.5'],
  [2, 16, 65_536, 1_310_720, 20_000, 2_000, '3'],
  [3, 20, 98_304, 1_966_080, 20_000, 3_000, '4.5'],
  [4, 24, 131_072, 2_621_440, 20_000, 4_000, '6'],
];

export const LINODE_PLANS: readonly LinodePlan[] = ROWS.map(
  ([gpus, vcpus, memoryMb, diskMb, transferGb, monthly, usd]) => ({
    id: `g1-gpu-rtx6000-${gpus}`,
    label: `Dedicated ${memoryMb / 1_024}GB + RTX6000 GPU x${gpus}`,
    gpus,
    vcpus,
    memoryMb,
    diskMb,
    transferGb,
    monthly,
    entry: {
      cloud: 'linode',
      key: `g1-gpu-rtx6000-${gpus}`,
      model: 'QUADRO-RTX-6000',
      gpuCounts: [gpus],
      regions: RTX6000_REGIONS,
      listPrice: usd,
      unit: 'node_hour',
      pricing: 'on_demand',
      source: RECORDED,
    },
  }),
);

/** In the recorded availability, and of no type in the recorded list: stock that has no price. */
export const LINODE_UNPRICED: readonly { readonly plan: string; readonly regions: readonly string[] }[] = [
  1, 2, 4, 6, 8,
].map((gpus) => ({ plan: `g1-gpu-rtx4000a-${gpus}`, regions: ['us-ord', 'fr-par', 'us-sea'] }));
