export type GpuVendor = 'NVIDIA' | 'AMD' | 'Intel';

/** A card as its maker sells it. */
export interface GpuModel {
  /** `{MODEL}[-{VRAM}GB][-{FORM}]`, upper case: VRAM and form only where the maker ships several. */
  readonly canonical: string;
  /** What people group by: every H100 is an H100. Cards with one build are their own family. */
  readonly family: string;
  readonly vendor: GpuVendor;
  /** Sizes the card is sold with, in GB; empty where no source was read. */
  readonly vramGb: readonly number[];
}

type Row = readonly [canonical: string, family: string, ...vramGb: number[]];

const NVIDIA: readonly Row[] = [
  ['GB300', 'GB300', 288],
  ['GB200', 'GB200', 186],
  ['B300', 'B300', 288],
  ['B200', 'B200', 180],
  ['GH200-96GB', 'GH200', 96],
  ['GH200-141GB', 'GH200', 141],
  ['H200-SXM', 'H200', 141],
  ['H200-NVL', 'H200', 141],
  ['H100-SXM', 'H100', 80],
  ['H100-PCIE', 'H100', 80],
  ['H100-NVL', 'H100', 94],
  ['H800-SXM', 'H800', 80],
  ['H20', 'H20', 96],
  ['A100-80GB-SXM', 'A100', 80],
  ['A100-80GB-PCIE', 'A100', 80],
  ['A100-40GB-SXM', 'A100', 40],
  ['A100-40GB-PCIE', 'A100', 40],
  ['A800-80GB', 'A800', 80, 40],
  ['A40', 'A40', 48],
  ['A30', 'A30', 24],
  ['A16', 'A16', 16],
  ['A10', 'A10', 24],
  ['A10G', 'A10G', 24],
  ['A2', 'A2', 16],
  ['L40S', 'L40S', 48],
  ['L40', 'L40', 48],
  ['L20', 'L20', 48],
  ['L4', 'L4', 24],
  ['T4', 'T4', 16],
  ['T4G', 'T4G', 16],
  ['V100-SXM2-16GB', 'V100', 16],
  ['V100-SXM2-32GB', 'V100', 32],
  ['V100-PCIE', 'V100', 16, 32],
  ['V100S-PCIE', 'V100S', 32],
  ['P100', 'P100', 16, 12],
  ['P40', 'P40', 24],
  ['P4', 'P4', 8],
  ['M60', 'M60', 8],
  ['M40', 'M40', 12, 24],
  ['K80', 'K80', 12],
  ['RTX-PRO-6000-WS', 'RTX-PRO-6000', 96],
  ['RTX-PRO-6000-MAXQ', 'RTX-PRO-6000', 96],
  ['RTX-PRO-6000-SE', 'RTX-PRO-6000', 96],
  ['RTX-PRO-5000', 'RTX-PRO-5000', 48, 72],
  ['RTX-PRO-4500', 'RTX-PRO-4500', 32],
  ['RTX-PRO-4000', 'RTX-PRO-4000', 24],
  ['RTX-6000-ADA', 'RTX-6000-ADA', 48],
  ['RTX-5880-ADA', 'RTX-5880-ADA', 48],
  ['RTX-5000-ADA', 'RTX-5000-ADA', 32],
  ['RTX-4500-ADA', 'RTX-4500-ADA', 24],
  ['RTX-4000-ADA', 'RTX-4000-ADA', 20],
  ['RTX-4000-SFF-ADA', 'RTX-4000-SFF-ADA', 20],
  ['RTX-2000-ADA', 'RTX-2000-ADA', 16],
  ['RTX-A6000', 'RTX-A6000', 48],
  ['RTX-A5500', 'RTX-A5500', 24],
  ['RTX-A5000', 'RTX-A5000', 24],
  ['RTX-A4500', 'RTX-A4500', 20],
  ['RTX-A4000', 'RTX-A4000', 16],
  ['RTX-A2000', 'RTX-A2000', 6, 12],
  ['RTX-5090', 'RTX-5090', 32],
  // The export card is another chip; merged into RTX-5090 it would look like a bargain.
  ['RTX-5090-D', 'RTX-5090-D', 32],
  ['RTX-5080', 'RTX-5080', 16],
  ['RTX-5070-TI', 'RTX-5070-TI', 16],
  ['RTX-5070', 'RTX-5070', 12],
  ['RTX-5060-TI', 'RTX-5060-TI', 8, 16],
  ['RTX-5060', 'RTX-5060', 8],
  ['RTX-4090', 'RTX-4090', 24],
  ['RTX-4090-D', 'RTX-4090-D', 24, 48],
  ['RTX-4080-SUPER', 'RTX-4080-SUPER', 16],
  ['RTX-4080', 'RTX-4080', 16],
  ['RTX-4070-TI-SUPER', 'RTX-4070-TI-SUPER', 16],
  ['RTX-4070-TI', 'RTX-4070-TI', 12],
  ['RTX-4070-SUPER', 'RTX-4070-SUPER', 12],
  ['RTX-4070', 'RTX-4070', 12],
  ['RTX-4060-TI', 'RTX-4060-TI', 8, 16],
  ['RTX-4060', 'RTX-4060', 8],
  ['RTX-3090-TI', 'RTX-3090-TI', 24],
  ['RTX-3090', 'RTX-3090', 24],
  ['RTX-3080-TI', 'RTX-3080-TI', 12],
  ['RTX-3080-12GB', 'RTX-3080', 12],
  ['RTX-3080', 'RTX-3080', 10],
  ['RTX-3070-TI', 'RTX-3070-TI', 8],
  ['RTX-3070', 'RTX-3070', 8],
  ['RTX-3060-TI', 'RTX-3060-TI', 8],
  ['RTX-3060', 'RTX-3060', 12, 8],
  ['TITAN-RTX', 'TITAN-RTX', 24],
  ['RTX-2080-TI', 'RTX-2080-TI', 11],
  ['RTX-2080-SUPER', 'RTX-2080-SUPER', 8],
  ['RTX-2080', 'RTX-2080', 8],
  ['RTX-2070-SUPER', 'RTX-2070-SUPER', 8],
  ['RTX-2060', 'RTX-2060', 6, 12],
  ['QUADRO-RTX-8000', 'QUADRO-RTX-8000', 48],
  ['QUADRO-RTX-6000', 'QUADRO-RTX-6000', 24],
  ['QUADRO-RTX-5000', 'QUADRO-RTX-5000', 16],
  ['QUADRO-RTX-4000', 'QUADRO-RTX-4000', 8],
  ['GTX-1080-TI', 'GTX-1080-TI', 11],
  ['GTX-1080', 'GTX-1080', 8],
  ['GTX-1070-TI', 'GTX-1070-TI', 8],
  ['GTX-1070', 'GTX-1070', 8],
];

const AMD: readonly Row[] = [
  ['MI355X', 'MI355X', 288],
  ['MI350X', 'MI350X', 288],
  ['MI325X', 'MI325X', 256],
  ['MI300X', 'MI300X', 192],
  ['MI300A', 'MI300A', 128],
  ['MI308X', 'MI308X', 128],
  ['MI250X', 'MI250X', 128],
  ['MI250', 'MI250', 128],
  ['MI210', 'MI210', 64],
  ['MI100', 'MI100', 32],
  ['RADEON-MI25', 'RADEON-MI25', 16],
  ['RADEON-PRO-V520', 'RADEON-PRO-V520', 8],
];

const INTEL: readonly Row[] = [
  ['GAUDI3', 'GAUDI3', 128],
  ['GAUDI2', 'GAUDI2', 96],
];

const modelsOf = (vendor: GpuVendor, rows: readonly Row[]): GpuModel[] =>
  rows.map(([canonical, family, ...vramGb]) => ({ canonical, family, vendor, vramGb }));

/** Every card that is recognised. One that is missing is still listed, under the name its cloud gives it. */
export const GPU_MODELS: readonly GpuModel[] = [
  ...modelsOf('NVIDIA', NVIDIA),
  ...modelsOf('AMD', AMD),
  ...modelsOf('Intel', INTEL),
];

const BY_CANONICAL = new Map(GPU_MODELS.map((model) => [model.canonical, model]));

export function gpuModel(canonical: string): GpuModel | null {
  return BY_CANONICAL.get(canonical) ?? null;
}
