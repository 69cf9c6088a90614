import type { PriceSource, ReferenceEntry } from '../../market/reference-entry';

const RECORDED: PriceSource = {
  text: 'cloud.lambda.ai instance-types, recorded by alexandervaneck/lambda-ai-cloud-api-client (MIT)',
  date: '2025-11-22',
};
const CATALOG: PriceSource = { text: 'SkyPilot catalog, lambda file', date: '2024-02-05' };

export interface LambdaType {
  readonly name: string;
  /** `H100 (80 GB SXM5)`; "N/A" for a type without GPU. */
  readonly gpuDescription: string;
  readonly gpus: number;
  readonly vcpus: number;
  readonly memoryGib: number;
  readonly storageGib: number;
  readonly entry: ReferenceEntry;
}

export interface LambdaRegion {
  readonly name: string;
  readonly description: string;
}

export const LAMBDA_REGIONS: readonly LambdaRegion[] = [
  { name: 'us-east-1', description: 'Virginia, USA' },
  { name: 'us-west-1', description: 'California, USA' },
  { name: 'us-west-2', description: 'Arizona, USA' },
  { name: 'us-west-3', description: 'Utah, USA' },
  { name: 'us-south-2', description: 'North Texas, USA' },
  { name: 'us-south-3', description: 'Central Texas, USA' },
  { name: 'asia-south-1', description: 'India' },
  { name: 'australia-east-1', description: 'Sydney, Australia' },
];

type Row = readonly [
  name: string,
  gpuDescription: string,
  model: string,
  usdPerNodeHour: string,
  vcpus: number,
  memoryGib: number,
  storageGib: number,
  source: PriceSource,
  ...regions: string[],
];

/**
 * Regions are those that the recorded answer showed, or, where it showed none, one in which the type has stock at times here.
 * The catalog says no disk sizes: those of its types are made up.
 */
const ROWS: readonly Row[] = [
  ['gpu_1x_gh200', 'GH200 (96 GB)', 'GH200-96GB', '1.49', 64, 432, 4_096, RECORDED, 'us-west-1'],
  [
    'gpu_8x_b200_sxm6',
    'B200 (180 GB SXM6)',
    'B200',
    '39.92',
    208,
    2_900,
    22_528,
    RECORDED,
    'australia-east-1',
    'us-east-1',
  ],
  [
    'gpu_8x_h100_sxm5',
    'H100 (80 GB SXM5)',
    'H100-SXM',
    '23.92',
    208,
    1_800,
    22_528,
    RECORDED,
    'us-west-3',
    'us-south-2',
    'us-south-3',
  ],
  ['gpu_1x_h100_sxm5', 'H100 (80 GB SXM5)', 'H100-SXM', '3.29', 26, 225, 2_816, RECORDED, 'us-south-2', 'us-south-3'],
  ['gpu_1x_h100_pcie', 'H100 (80 GB PCIe)', 'H100-PCIE', '2.49', 26, 200, 1_024, RECORDED, 'us-west-3'],
  ['gpu_1x_a10', 'A10 (24 GB PCIe)', 'A10', '0.75', 30, 200, 1_400, RECORDED, 'us-east-1', 'us-west-1'],
  ['gpu_1x_rtx6000', 'RTX 6000 (24 GB)', 'QUADRO-RTX-6000', '0.50', 14, 46, 512, RECORDED, 'us-south-2'],
  ['gpu_1x_a100', 'A100 (40 GB PCIe)', 'A100-40GB-PCIE', '1.29', 30, 200, 512, RECORDED, 'us-west-2'],
  ['gpu_2x_a100', 'A100 (40 GB PCIe)', 'A100-40GB-PCIE', '2.58', 60, 400, 1_024, CATALOG, 'us-west-2'],
  ['gpu_4x_a100', 'A100 (40 GB PCIe)', 'A100-40GB-PCIE', '5.16', 120, 800, 1_024, CATALOG, 'us-west-2'],
  [
    'gpu_1x_a100_sxm4',
    'A100 (40 GB SXM4)',
    'A100-40GB-SXM',
    '1.29',
    30,
    200,
    512,
    RECORDED,
    'us-east-1',
    'us-west-2',
    'asia-south-1',
  ],
  ['gpu_8x_a100', 'A100 (40 GB SXM4)', 'A100-40GB-SXM', '10.32', 124, 1_800, 6_144, CATALOG, 'us-east-1'],
  ['gpu_8x_a100_80gb_sxm4', 'A100 (80 GB SXM4)', 'A100-80GB-SXM', '14.32', 240, 1_800, 19_968, CATALOG, 'us-east-1'],
  ['gpu_1x_a6000', 'A6000 (48 GB)', 'RTX-A6000', '0.80', 14, 100, 200, RECORDED, 'us-south-3'],
  ['gpu_2x_a6000', 'A6000 (48 GB)', 'RTX-A6000', '1.60', 28, 200, 1_024, CATALOG, 'us-south-3'],
  ['gpu_4x_a6000', 'A6000 (48 GB)', 'RTX-A6000', '3.20', 56, 400, 1_024, CATALOG, 'us-south-3'],
  ['gpu_8x_v100', 'Tesla V100 (16 GB)', 'V100', '4.40', 92, 448, 6_041, RECORDED, 'us-south-2'],
];

export const LAMBDA_TYPES: readonly LambdaType[] = ROWS.map(
  ([name, gpuDescription, model, usd, vcpus, memoryGib, storageGib, source, ...regions]) => {
    const gpus = Number(/^gpu_(\d+)x_/.exec(name)?.[1]);
    return {
      name,
      gpuDescription,
      gpus,
      vcpus,
      memoryGib,
      storageGib,
      entry: {
        cloud: 'lambda',
        key: name,
        model,
        gpuCounts: [gpus],
        regions,
        listPrice: usd,
        unit: 'node_hour',
        pricing: 'on_demand',
        source,
      },
    };
  },
);
