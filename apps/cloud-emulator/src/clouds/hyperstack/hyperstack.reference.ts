import { collectedFrom, type PriceSource, type ReferenceEntry } from '../../market/reference-entry';

const PAGE = collectedFrom('hyperstack.cloud/gpu-pricing');
/** Spot is sold as GPUs of another name; what it costs is told to account holders only. */
const SPOT: PriceSource = { text: 'four fifths of the list price of hyperstack.cloud/gpu-pricing', date: '2026-05-24' };

export interface HyperstackCard {
  /** The name that joins flavors, stocks and price book. */
  readonly gpu: string;
  readonly entry: ReferenceEntry;
}

export interface HyperstackFlavor {
  readonly id: number;
  readonly name: string;
  readonly gpu: string;
  readonly gpus: number;
  readonly region: string;
  readonly cpu: number;
  readonly ram: number;
  readonly disk: number;
  readonly ephemeral: number;
}

type Size = readonly [gpus: number, cpu: number, ram: number];
type Row = readonly [
  gpu: string,
  model: string,
  usd: string,
  source: PriceSource,
  family: string,
  suffix: string,
  machines: Readonly<Record<string, readonly Size[]>>,
];

/** Sizes as in SkyPilot's stored catalog; disks are made up, which its file does not hold. */
const sizes = (...all: Size[]): readonly Size[] => all;
const A100_PCIE = sizes([1, 28, 120], [2, 60, 240], [4, 124, 480], [8, 252, 1_440]);
const H100_PCIE = sizes([1, 28, 180], [2, 60, 360], [4, 124, 720], [8, 252, 1_440]);
const SMALL_RAM = sizes([1, 28, 58], [2, 60, 116], [4, 124, 232], [8, 252, 464]);
const RTX_A4000 = sizes([1, 4, 21], [2, 8, 43], [4, 16, 86], [8, 32, 172], [10, 56, 215]);
const PRO_6000 = sizes([1, 31, 180], [8, 252, 1_440]);
/** One name in two regions, with other memory in each. */
const H100_SXM = { 'CANADA-1': sizes([8, 192, 1_800]), 'US-1': sizes([8, 192, 960]) };
const ends = (all: readonly Size[]): readonly Size[] => [...all.slice(0, 1), ...all.slice(-1)];

const ROWS: readonly Row[] = [
  ['A100-80G-PCIe', 'A100-80GB-PCIE', '1.35', PAGE, 'n3-A100', '', { 'CANADA-1': A100_PCIE }],
  ['A100-80G-PCIe-NVLink', 'A100-80GB-PCIE', '1.4', PAGE, 'n3-A100', '-NVLink', { 'CANADA-1': [[8, 252, 1_920]] }],
  ['A100-80G-SXM4', 'A100-80GB-SXM', '1.6', PAGE, 'n3-A100-SXM4', '', { 'NORWAY-1': [[8, 192, 1_800]] }],
  ['H100-80G-PCIe', 'H100-PCIE', '1.9', PAGE, 'n3-H100', '', { 'CANADA-1': H100_PCIE }],
  ['H100-80G-PCIe-NVLink', 'H100-PCIE', '1.95', PAGE, 'n3-H100', '-NVLink', { 'CANADA-1': [[8, 252, 1_440]] }],
  ['H100-80G-SXM5', 'H100-SXM', '2.4', PAGE, 'n3-H100-SXM5', '', H100_SXM],
  ['H200-141G-SXM5', 'H200-SXM', '3.5', PAGE, 'n3-H200-SXM5', '', { 'US-1': [[8, 176, 1_800]] }],
  ['L40', 'L40', '1', PAGE, 'n3-L40', '', { 'CANADA-1': SMALL_RAM }],
  ['RTX-A4000', 'RTX-A4000', '0.15', PAGE, 'n3-RTX-A4000', '', { 'NORWAY-1': RTX_A4000 }],
  ['RTX-A6000', 'RTX-A6000', '0.5', PAGE, 'n3-RTX-A6000', '', { 'CANADA-1': SMALL_RAM }],
  ['RTX-PRO6000-SE', 'RTX-PRO-6000-SE', '1.8', PAGE, 'n3-RTX-PRO6000-SE', '', { 'US-1': PRO_6000 }],
  ['A100-80G-PCIe-spot', 'A100-80GB-PCIE', '1.08', SPOT, 'n3-A100', '-spot', { 'CANADA-1': ends(A100_PCIE) }],
  ['H100-80G-PCIe-spot', 'H100-PCIE', '1.52', SPOT, 'n3-H100', '-spot', { 'CANADA-1': ends(H100_PCIE) }],
];

export const HYPERSTACK_CARDS: readonly HyperstackCard[] = ROWS.map(([gpu, model, usd, source, , , machines]) => ({
  gpu,
  entry: {
    cloud: 'hyperstack',
    key: gpu,
    model,
    gpuCounts: [...new Set(Object.values(machines).flatMap((sizes) => sizes.map(([gpus]) => gpus)))],
    regions: Object.keys(machines),
    listPrice: usd,
    unit: 'gpu_hour',
    pricing: gpu.endsWith('-spot') ? 'spot' : 'on_demand',
    source,
  },
}));

export const HYPERSTACK_FLAVORS: readonly HyperstackFlavor[] = ROWS.flatMap(([gpu, , , , family, suffix, machines]) =>
  Object.entries(machines).flatMap(([region, sizes]) =>
    sizes.map(([gpus, cpu, ram]) => ({
      name: `${family}x${gpus}${suffix}`,
      gpu,
      gpus,
      region,
      cpu,
      ram,
      disk: 100,
      ephemeral: 750 * gpus,
    })),
  ),
).map((flavor, index) => ({ id: 80 + index, ...flavor }));

export const HYPERSTACK_REGIONS = ['NORWAY-1', 'CANADA-1', 'US-1'] as const;
