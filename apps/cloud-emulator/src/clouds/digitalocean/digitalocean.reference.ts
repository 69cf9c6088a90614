import type { PriceSource, ReferenceEntry } from '../../market/reference-entry';

const SIZE_LIST: PriceSource = {
  text: 'api.digitalocean.com v2/sizes, the GPU sizes as dumped in the notes of shyamsfo/bernoulli',
  date: '2026-10-08',
};

export interface DigitaloceanSize {
  readonly slug: string;
  readonly description: string;
  /** As `gpu_info.model` has it. */
  readonly model: string;
  readonly gpus: number;
  /** Of the whole node. */
  readonly vramGib: number;
  readonly vcpus: number;
  readonly memoryMib: number;
  readonly diskGib: number;
  readonly scratchGib: number;
  readonly transferTb: number;
  readonly entry: ReferenceEntry;
}

type Row = readonly [
  slug: string,
  description: string,
  gpuModel: string,
  model: string,
  gpus: number,
  vramGib: number,
  vcpus: number,
  memoryMib: number,
  diskGib: number,
  usdPerNodeHour: string,
  ...regions: string[],
];

/**
 * Regions of the AMD and B300 sizes are those of the list. The list showed none for the others, sold out as they were: theirs
 * are where the sizes were seen at other times.
 */
const ROWS: readonly Row[] = [
  [
    'gpu-4000adax1-20gb',
    'RTX 4000 Ada GPU - 1X',
    'nvidia_rtx4000_ada',
    'RTX-4000-ADA',
    1,
    20,
    8,
    32_768,
    500,
    '0.76',
    'tor1',
  ],
  ['gpu-l40sx1-48gb', 'L40S GPU - 1X', 'nvidia_l40s', 'L40S', 1, 48, 8, 65_536, 500, '1.57', 'tor1', 'nyc2'],
  [
    'gpu-6000adax1-48gb',
    'RTX 6000 Ada GPU - 1X',
    'nvidia_rtx6000_ada',
    'RTX-6000-ADA',
    1,
    48,
    8,
    65_536,
    500,
    '1.57',
    'tor1',
  ],
  ['gpu-mi350x1-288gb-spot', 'MI350X Spot GPU - 1X', 'amd_mi350x', 'MI350X', 1, 288, 24, 262_144, 720, '2.46', 'ric1'],
  ['gpu-mi300x1-192gb', 'AMD MI300X - 1X', 'amd_mi300x', 'MI300X', 1, 192, 20, 245_760, 720, '2.59', 'nyc1', 'tor1'],
  ['gpu-mi355x1-288gb-spot', 'MI355X Spot GPU - 1X', 'amd_mi355x', 'MI355X', 1, 288, 24, 262_144, 720, '2.97', 'mem1'],
  ['gpu-mi325x1-256gb', 'AMD MI325X - 1X', 'amd_mi325x', 'MI325X', 1, 256, 20, 163_840, 720, '3.80', 'nyc2', 'tor1'],
  [
    'gpu-h100x1-80gb',
    'H100 GPU - 1X',
    'nvidia_h100',
    'H100-SXM',
    1,
    80,
    20,
    245_760,
    720,
    '4.41',
    'nyc2',
    'tor1',
    'ams3',
  ],
  ['gpu-h200x1-141gb', 'H200 GPU - 1X', 'nvidia_h200', 'H200-SXM', 1, 141, 24, 245_760, 720, '4.47', 'nyc2', 'atl1'],
  ['gpu-b300x1-288gb-lc-spot', 'B300 Spot GPU - 1X', 'nvidia_b300', 'B300', 1, 288, 28, 458_752, 720, '8.00', 'mkc1'],
  [
    'gpu-mi350x8-2304gb-spot',
    'MI350X Spot GPU - 8X',
    'amd_mi350x',
    'MI350X',
    8,
    2_304,
    192,
    2_097_152,
    2_046,
    '19.68',
    'ric1',
  ],
  ['gpu-mi300x8-1536gb', 'AMD MI300X - 8X', 'amd_mi300x', 'MI300X', 8, 1_536, 160, 1_966_080, 2_046, '20.72', 'nyc1'],
  [
    'gpu-mi355x8-2304gb-spot',
    'MI355X Spot GPU - 8X',
    'amd_mi355x',
    'MI355X',
    8,
    2_304,
    192,
    2_097_152,
    2_046,
    '23.76',
    'mem1',
  ],
  [
    'gpu-mi325x8-2048gb',
    'AMD MI325X - 8X',
    'amd_mi325x',
    'MI325X',
    8,
    2_048,
    160,
    1_310_720,
    2_046,
    '30.40',
    'nyc2',
    'tor1',
  ],
  [
    'gpu-h100x8-640gb',
    'H100 GPU - 8X',
    'nvidia_h100',
    'H100-SXM',
    8,
    640,
    160,
    1_966_080,
    2_046,
    '35.28',
    'nyc1',
    'tor1',
  ],
  ['gpu-h200x8-1128gb', 'H200 GPU - 8X', 'nvidia_h200', 'H200-SXM', 8, 1_128, 192, 1_966_080, 2_046, '35.76', 'nyc2'],
  [
    'gpu-b300x8-2304gb-lc-spot',
    'B300 Spot GPU - 8X',
    'nvidia_b300',
    'B300',
    8,
    2_304,
    224,
    3_670_016,
    2_046,
    '64.00',
    'mkc1',
  ],
];

export const DIGITALOCEAN_SIZES: readonly DigitaloceanSize[] = ROWS.map(
  ([slug, description, gpuModel, model, gpus, vramGib, vcpus, memoryMib, diskGib, usd, ...regions]) => ({
    slug,
    description,
    model: gpuModel,
    gpus,
    vramGib,
    vcpus,
    memoryMib,
    diskGib,
    // The three small cards have no second disk; the others 5 TiB a card.
    scratchGib: diskGib === 500 ? 0 : 5_120 * gpus,
    transferTb: gpus === 8 ? 60 : diskGib === 500 ? 10 : 15,
    entry: {
      cloud: 'digitalocean',
      key: slug,
      model,
      gpuCounts: [gpus],
      regions,
      listPrice: usd,
      unit: 'node_hour',
      pricing: slug.endsWith('-spot') ? 'spot' : 'on_demand',
      source: SIZE_LIST,
    },
  }),
);
