import type { SourceKey } from './gpu-fact-sources';

/** What decides the shape of the decode curve: stacked memory on the package, or chips beside it. */
export type MemoryKind = 'hbm' | 'gddr';

/** Figures of one card as its maker states them. null: no source was read; never guessed, never 0. */
export interface GpuFacts {
  readonly gpuModel: string;
  readonly memoryKind: MemoryKind;
  /** GB of one GPU; the size the other figures belong to where several were sold. */
  readonly vramGb: number | null;
  /** GB/s. */
  readonly memoryBandwidth: number | null;
  readonly tflopsFp32: number | null;
  /** Dense FP16/BF16 tensor rate, without sparsity. */
  readonly tflopsFp16: number | null;
  /** Dense INT8 tensor rate in TOPS. */
  readonly topsInt8: number | null;
  readonly sources: readonly SourceKey[];
}

type Row = readonly [
  gpuModel: string,
  memoryKind: MemoryKind,
  vramGb: number | null,
  memoryBandwidth: number | null,
  tflopsFp32: number | null,
  tflopsFp16: number | null,
  topsInt8: number | null,
  sources: string,
];

// prettier-ignore
const ROWS: readonly Row[] = [
  ['GB300', 'hbm', null, null, 80, 2500, 5000, 'mleng'],
  ['GB200', 'hbm', 186, 8000, 80, 2500, 5000, 'mleng gpuhunt'],
  ['B300', 'hbm', 288, 8000, 80, 2250, 4500, 'mleng titan'],
  ['B200', 'hbm', 180, 8000, 80, 2250, 4500, 'mleng titan gpuhunt'],
  ['GH200-96GB', 'hbm', 96, 4000, 67, 989, 1979, 'mleng'],
  ['GH200-141GB', 'hbm', 141, 4800, 67, 989, 1979, 'mleng'],
  ['H200-SXM', 'hbm', 141, 4800, 67, 989.5, 1979, 'mleng lightning'],
  ['H200-NVL', 'hbm', 141, null, 60, 840, 1680, 'lightning gpuhunt'],
  ['H100-SXM', 'hbm', 80, 3350, 67, 989.5, 1979, 'mleng lightning'],
  ['H100-PCIE', 'hbm', 80, 2039, 51.2, 756, 1513, 'lightning wikipedia mleng'],
  ['H100-NVL', 'hbm', 94, null, 60, 835.5, 1670.5, 'lightning gpuhunt'],
  ['H800-SXM', 'hbm', 80, 3360, 59.3, null, null, 'wikipedia hfjs'],
  ['H20', 'hbm', 96, null, null, 148, null, 'titan hfjs'],
  ['A100-80GB-SXM', 'hbm', 80, 2039, 19.5, 312, 624, 'mleng lightning llmAnalysis'],
  ['A100-80GB-PCIE', 'hbm', 80, 1940, 19.5, 312, 624, 'mleng lightning'],
  ['A100-40GB-SXM', 'hbm', 40, 1555, 19.5, 312, 624, 'lightning llmAnalysis'],
  ['A100-40GB-PCIE', 'hbm', 40, 1555, 19.5, 312, 624, 'lightning llmAnalysis wikipedia'],
  ['A800-80GB', 'hbm', 80, null, null, null, null, 'hfjs'],
  ['A40', 'gddr', 48, 696, 37.4, 149.7, 299.3, 'lightning wikipedia'],
  ['A30', 'hbm', 24, 933, 10.32, 165.1, null, 'wikipedia'],
  ['A16', 'gddr', 16, 200, 4.608, 18.43, null, 'wikipedia'],
  ['A10', 'gddr', 24, 600, 31.24, 125, 250, 'wikipedia llmAnalysis'],
  ['A10G', 'gddr', 24, 600, null, 70, 140, 'llmAnalysis gpuhunt'],
  ['A2', 'gddr', 16, 200, 4.531, 18.12, null, 'wikipedia'],
  ['L40S', 'gddr', 48, 864, 91.6, 362, 733, 'mleng titan'],
  ['L40', 'gddr', 48, 864, 90.5, 181, 362, 'lightning wikipedia'],
  ['L20', 'gddr', 48, null, 59.35, null, null, 'hfjs'],
  ['L4', 'gddr', 24, 300, 30.3, 121, 242, 'lightning wikipedia'],
  ['T4', 'gddr', 16, 320, 8.1, 65, 130, 'lightning wikipedia'],
  ['T4G', 'gddr', 16, null, null, null, null, 'skypilot'],
  ['V100-SXM2-16GB', 'hbm', 16, 900, 15.7, 125, null, 'lightning wikipedia llmAnalysis'],
  ['V100-SXM2-32GB', 'hbm', 32, 900, 15.7, 125, null, 'lightning wikipedia llmAnalysis'],
  ['V100-PCIE', 'hbm', 16, 900, 14, 112, null, 'lightning wikipedia'],
  ['V100S-PCIE', 'hbm', null, null, 16.4, 130, null, 'lightning'],
  ['P100', 'hbm', 16, 732, 9.34, null, null, 'wikipedia'],
  ['P40', 'gddr', 24, 345.6, 11.76, null, null, 'wikipedia'],
  ['P4', 'gddr', 8, 192, 5.443, null, null, 'wikipedia'],
  ['M60', 'gddr', 8, 160, 4.825, null, null, 'wikipedia'],
  ['M40', 'gddr', 12, 288, 6.844, null, null, 'wikipedia'],
  ['K80', 'gddr', 12, 240, 4.368, null, null, 'skypilot wikipedia'],
  ['RTX-PRO-6000-WS', 'gddr', 96, 1792, 126, null, null, 'wikipedia hfjs'],
  ['RTX-PRO-6000-MAXQ', 'gddr', 96, 1792, 110.1, null, null, 'wikipedia hfjs'],
  ['RTX-PRO-6000-SE', 'gddr', 96, null, null, null, null, 'gpuhunt'],
  ['RTX-PRO-5000', 'gddr', 48, 1344, 73.69, null, null, 'wikipedia hfjs'],
  ['RTX-PRO-4500', 'gddr', 32, 896, 54.94, null, null, 'wikipedia gpuhunt'],
  ['RTX-PRO-4000', 'gddr', 24, 672, 46.9, null, null, 'wikipedia'],
  ['RTX-6000-ADA', 'gddr', 48, 960, 91.06, null, null, 'wikipedia'],
  ['RTX-5880-ADA', 'gddr', 48, 960, 69.27, null, null, 'wikipedia'],
  ['RTX-5000-ADA', 'gddr', 32, 576, 65.28, null, null, 'wikipedia'],
  ['RTX-4500-ADA', 'gddr', 24, 432, 39.63, null, null, 'wikipedia'],
  ['RTX-4000-ADA', 'gddr', 20, 360, 26.73, null, null, 'wikipedia'],
  ['RTX-4000-SFF-ADA', 'gddr', 20, 280, 19.23, null, null, 'wikipedia'],
  ['RTX-2000-ADA', 'gddr', 16, 224, 12, null, null, 'wikipedia'],
  ['RTX-A6000', 'gddr', 48, 768, 38.71, 154.8, 309.6, 'wikipedia titan llmAnalysis'],
  ['RTX-A5500', 'gddr', 24, 768, 34.1, 136.4, null, 'wikipedia'],
  ['RTX-A5000', 'gddr', 24, 768, 27.77, 111.1, null, 'wikipedia'],
  ['RTX-A4500', 'gddr', 20, 640, 23.66, 94.6, null, 'wikipedia'],
  ['RTX-A4000', 'gddr', 16, 448, 19.17, 76.7, null, 'wikipedia'],
  ['RTX-A2000', 'gddr', 6, 288, 7.987, 31.95, null, 'wikipedia'],
  ['RTX-5090', 'gddr', 32, 1792, 104.8, 419, null, 'wikipedia'],
  ['RTX-5080', 'gddr', 16, 960, 56.28, 225, null, 'wikipedia'],
  ['RTX-5070-TI', 'gddr', 16, 896, 44.35, 176, null, 'wikipedia'],
  ['RTX-5070', 'gddr', 12, 672, 30.97, 123, null, 'wikipedia'],
  ['RTX-5060-TI', 'gddr', 8, 448, 23.7, 95, null, 'wikipedia'],
  ['RTX-5060', 'gddr', 8, 448, 19.18, 77, null, 'wikipedia'],
  ['RTX-4090', 'gddr', 24, 1008, 82.6, 330, 660.6, 'wikipedia lightning'],
  ['RTX-4090-D', 'gddr', 24, 1008, 73.5, 294, null, 'wikipedia hfjs'],
  ['RTX-4080-SUPER', 'gddr', 16, 736, 52.22, 209, 417.6, 'wikipedia lightning'],
  ['RTX-4080', 'gddr', 16, 717, 48.7, 195, 389.9, 'wikipedia lightning'],
  ['RTX-4070-TI-SUPER', 'gddr', 16, 672, 44.1, 176, null, 'wikipedia'],
  ['RTX-4070-TI', 'gddr', 12, 504, 40.1, 160, null, 'wikipedia'],
  ['RTX-4070-SUPER', 'gddr', 12, 504, 35.48, 142, null, 'wikipedia'],
  ['RTX-4070', 'gddr', 12, 504, 29.1, 117, null, 'wikipedia'],
  ['RTX-4060-TI', 'gddr', 8, 288, 22.1, 88, null, 'wikipedia'],
  ['RTX-4060', 'gddr', 8, 272, 15.1, 60, null, 'wikipedia'],
  ['RTX-3090-TI', 'gddr', 24, 1008, 40, 160.5, 320, 'wikipedia lightning'],
  ['RTX-3090', 'gddr', 24, 936, 35.6, 142.7, 284, 'wikipedia lightning'],
  ['RTX-3080-TI', 'gddr', 12, 912, 34.1, 136.4, 272.8, 'wikipedia lightning'],
  ['RTX-3080-12GB', 'gddr', 12, 912, 30.6, 122.5, null, 'wikipedia'],
  ['RTX-3080', 'gddr', 10, 760, 29.8, 119.1, 238, 'wikipedia lightning'],
  ['RTX-3070-TI', 'gddr', 8, 608, 21.75, 87, null, 'wikipedia'],
  ['RTX-3070', 'gddr', 8, 448, 20.3, 81.5, 162.6, 'wikipedia lightning'],
  ['RTX-3060-TI', 'gddr', 8, 448, 16.2, 64.8, null, 'wikipedia'],
  ['RTX-3060', 'gddr', 12, 360, 12.74, 50.95, null, 'wikipedia'],
  ['TITAN-RTX', 'gddr', 24, 672, 16.31, 130.5, 261, 'wikipedia lightning'],
  ['RTX-2080-TI', 'gddr', 11, 616, 13.45, 107.6, 227.7, 'wikipedia lightning'],
  ['RTX-2080-SUPER', 'gddr', 8, 496, 11.15, 89.2, 178.4, 'wikipedia lightning'],
  ['RTX-2080', 'gddr', 8, 448, 10.07, 80.55, 169.6, 'wikipedia lightning'],
  ['RTX-2070-SUPER', 'gddr', 8, 448, 9.06, 72.48, 145, 'wikipedia lightning'],
  ['RTX-2060', 'gddr', 6, 336, 6.451, 51.61, null, 'wikipedia'],
  ['QUADRO-RTX-8000', 'gddr', 48, 672, 16.31, null, null, 'wikipedia'],
  ['QUADRO-RTX-6000', 'gddr', 24, 672, 16.31, null, null, 'wikipedia'],
  ['QUADRO-RTX-5000', 'gddr', 16, 448, 11.15, 89.2, null, 'wikipedia lightning'],
  ['QUADRO-RTX-4000', 'gddr', 8, 416, 7.119, null, null, 'wikipedia'],
  ['GTX-1080-TI', 'gddr', 11, 484, 11.34, null, null, 'wikipedia'],
  ['GTX-1080', 'gddr', 8, 320, 8.87, null, null, 'wikipedia'],
  ['GTX-1070-TI', 'gddr', 8, 256, 8.19, null, null, 'wikipedia'],
  ['GTX-1070', 'gddr', 8, 256, 6.46, null, null, 'wikipedia'],
  ['MI355X', 'hbm', 288, 8000, 157.3, 2500, 5000, 'mleng titan'],
  ['MI350X', 'hbm', 288, 8000, 144.2, 2309.6, 4614, 'inductor mleng'],
  ['MI325X', 'hbm', 256, 6000, 163.4, 1300, 2600, 'mleng titan'],
  ['MI300X', 'hbm', 192, 5300, 163.4, 1307.4, 2614.9, 'inductor mleng'],
  ['MI300A', 'hbm', 128, 5300, 122.6, 980.6, 1961.2, 'inductor'],
  ['MI308X', 'hbm', 128, null, null, null, null, 'gpuhunt'],
  ['MI250X', 'hbm', 128, 3277, 47.9, 383, 383, 'mleng wikipedia'],
  ['MI250', 'hbm', 128, 3277, 45.3, 362, 362, 'mleng wikipedia'],
  ['MI210', 'hbm', 64, 1638, 22.63, 181, 181, 'wikipedia inductor'],
  ['MI100', 'hbm', 32, 1229, 23.07, 184.6, null, 'wikipedia llmAnalysis'],
  ['RADEON-MI25', 'hbm', 16, 484, 12.29, null, null, 'skypilot wikipedia'],
  ['RADEON-PRO-V520', 'gddr', 8, 512, 7.373, null, null, 'skypilot'],
  ['GAUDI3', 'hbm', 128, 3700, 229, 1677, null, 'mleng'],
  ['GAUDI2', 'hbm', 96, 2460, null, 432, null, 'mleng'],];

export const GPU_FACTS: readonly GpuFacts[] = ROWS.map(
  ([gpuModel, memoryKind, vramGb, memoryBandwidth, tflopsFp32, tflopsFp16, topsInt8, sources]) => ({
    gpuModel,
    memoryKind,
    vramGb,
    memoryBandwidth,
    tflopsFp32,
    tflopsFp16,
    topsInt8,
    sources: sources.split(' ') as SourceKey[],
  }),
);

const BY_MODEL = new Map(GPU_FACTS.map((facts) => [facts.gpuModel, facts]));

export const gpuFacts = (gpuModel: string): GpuFacts | null => BY_MODEL.get(gpuModel) ?? null;
