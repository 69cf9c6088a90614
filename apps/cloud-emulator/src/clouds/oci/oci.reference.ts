import type { PriceSource, ReferenceEntry } from '../../market/reference-entry';

const PRICE_LIST: PriceSource = {
  text: 'Oracle cetools price list, recorded in the tests of getcomputable/gpu-index (Apache-2.0)',
  date: '2026-08-14',
};

export interface OciPart {
  readonly partNumber: string;
  readonly displayName: string;
  readonly shapes: readonly { readonly name: string; readonly gpus: number }[];
  readonly entry: ReferenceEntry;
}

type Row = readonly [
  partNumber: string,
  displayName: string,
  model: string,
  usdPerGpuHour: string,
  ...shapes: (readonly [name: string, gpus: number])[],
];

const ROWS: readonly Row[] = [
  ['B88517', 'Compute - Bare Metal GPU Standard - X7', 'P100', '1.275', ['BM.GPU2.2', 2]],
  ['B88518', 'Compute - Virtual Machine GPU Standard - X7', 'P100', '1.275', ['VM.GPU2.1', 1]],
  [
    'B89734',
    'Compute - GPU Standard - V2',
    'V100-SXM2-16GB',
    '2.95',
    ['VM.GPU3.1', 1],
    ['VM.GPU3.2', 2],
    ['VM.GPU3.4', 4],
    ['BM.GPU3.8', 8],
  ],
  ['B92740', 'Compute - GPU - E3', 'A100-40GB-SXM', '3.05', ['BM.GPU4.8', 8]],
  ['B95907', 'Compute - GPU - A100 - v2', 'A100-80GB-SXM', '4', ['BM.GPU.A100-v2.8', 8]],
  ['B95909', 'Compute  - GPU - A10', 'A10', '2', ['VM.GPU.A10.1', 1], ['VM.GPU.A10.2', 2], ['BM.GPU.A10.4', 4]],
  ['B98415', 'Oracle Cloud Infrastructure - Compute - GPU - H100', 'H100-SXM', '10', ['BM.GPU.H100.8', 8]],
  ['B109479', 'Compute - GPU - L40S', 'L40S', '3.5', ['BM.GPU.L40S.4', 4]],
  ['B109485', 'OCI - Compute - GPU - MI300X', 'MI300X', '6', ['BM.GPU.MI300X.8', 8]],
  ['B110519', 'OCI - Compute - GPU - H200', 'H200-SXM', '10', ['BM.GPU.H200.8', 8]],
  ['B110978', 'OCI - Compute - GPU - B200', 'B200', '14', ['BM.GPU.B200.8', 8]],
  ['B110979', 'OCI - Compute - GPU - GB200', 'GB200', '16', ['BM.GPU.GB200.4', 4]],
  ['B111758', 'OCI- Compute - GPU - MI355X', 'MI355X', '8.6', ['BM.GPU.MI355X.8', 8]],
  ['B112140', 'OCI - Compute - GPU - GB300', 'GB300', '18', ['BM.GPU.GB300.4', 4]],
  ['B112237', 'Oracle Cloud Infrastructure - Compute - GPU - B300', 'B300', '15', ['BM.GPU.B300.8', 8]],
];

export const OCI_PARTS: readonly OciPart[] = ROWS.map(([partNumber, displayName, model, usd, ...shapes]) => ({
  partNumber,
  displayName,
  shapes: shapes.map(([name, gpus]) => ({ name, gpus })),
  entry: {
    cloud: 'oci',
    key: partNumber,
    model,
    gpuCounts: shapes.map(([, gpus]) => gpus),
    regions: ['global'],
    listPrice: usd,
    unit: 'gpu_hour',
    pricing: 'on_demand',
    source: PRICE_LIST,
  },
}));

/** In the same list and no machines for rent: metric, category and prices as recorded. */
export const OCI_OTHER_ITEMS: readonly (readonly [
  partNumber: string,
  displayName: string,
  metricName: string,
  serviceCategory: string,
  ...prices: (readonly [value: number, rangeMin?: number, rangeMax?: number])[],
])[] = [
  ['B111824', 'OCI - NVIDIA AI Enterprise - H100', 'GPU Per Hour', 'Compute - GPU', [2.5]],
  ['B111831', 'OCI - NVIDIA AI Enterprise - A100 40', 'GPU Per Hour', 'Compute - GPU', [0.76]],
  ['B111829', 'OCI - NVIDIA AI Enterprise - B200', 'GPU Per Hour', 'Compute - GPU', [3.5]],
  [
    'B108806',
    'Oracle Cloud VMware Solution - BM.GPU.A10.64 - Monthly Commit',
    'Node Per Hour',
    'Compute - VMware',
    [16],
  ],
  ['B110965', 'Oracle Compute Cloud@Customer - Compute - GPU.L40S', 'GPU Per Hour', 'Compute Cloud@Customer', [3.5]],
  ['B109493', 'Roving Edge Device - RED.2 GPU', 'Resource Possession Per Day', 'Roving Edge Infrastructure', [100]],
  ['B109480', 'OCI - Compute - GPU - H100T', 'GPU Per Hour', 'Compute - GPU - Other', [10.75]],
  [
    'B93297',
    'Compute - Standard - A1 - OCPU',
    'OCPU Per Hour',
    'Compute - Virtual Machine',
    [0, 0, 3_000],
    [0.01, 3_000, 999_999_999_999_999],
  ],
];
