/** What a VM size holds. Azure's price list names none of it. */
export interface AzureSize {
  /** Name for identifyGpu(). */
  readonly gpu: string;
  /** A fraction where the size has a slice of a card. */
  readonly gpuCount: number;
  /** Of one whole card. */
  readonly gpuMemoryGb: number;
  readonly vcpus: number;
  /** GiB, as Azure gives it. */
  readonly ramGib: number;
}

type Card = readonly [gpu: string, memoryGb: number];
type Row = readonly [size: string, card: Card, gpuCount: number, vcpus: number, ramGib: number];

const K80: Card = ['K80', 12];
const M60: Card = ['M60', 8];
const P40: Card = ['P40', 24];
const P100: Card = ['P100', 16];
const V100_16: Card = ['V100-PCIE', 16];
const V100_32: Card = ['V100-SXM2-32GB', 32];
const T4: Card = ['T4', 16];
const MI25: Card = ['RADEON-MI25', 16];
const V620: Card = ['Radeon Pro V620', 32];
const V710: Card = ['Radeon Pro V710', 28];
const A10: Card = ['A10', 24];
const A100_40: Card = ['A100-40GB-SXM', 40];
const A100_80: Card = ['A100-80GB-SXM', 80];
const A100_PCIE: Card = ['A100-80GB-PCIE', 80];
const H100: Card = ['H100-SXM', 80];
const H100_NVL: Card = ['H100-NVL', 94];
const H200: Card = ['H200-SXM', 141];
const GB200: Card = ['GB200', 186];
const GB300: Card = ['GB300', 288];
const MI300X: Card = ['MI300X', 192];

/** Sizes without their `Standard_`; the numbers are those of Azure's VM size pages. */
const SIZES: readonly Row[] = [
  ['NC6', K80, 1, 6, 56],
  ['NC12', K80, 2, 12, 112],
  ['NC24', K80, 4, 24, 224],
  ['NC24r', K80, 4, 24, 224],
  ['NC6s_v2', P100, 1, 6, 112],
  ['NC12s_v2', P100, 2, 12, 224],
  ['NC24s_v2', P100, 4, 24, 448],
  ['NC24rs_v2', P100, 4, 24, 448],
  ['NC6s_v3', V100_16, 1, 6, 112],
  ['NC12s_v3', V100_16, 2, 12, 224],
  ['NC24s_v3', V100_16, 4, 24, 448],
  ['NC24rs_v3', V100_16, 4, 24, 448],
  ['NC4as_T4_v3', T4, 1, 4, 28],
  ['NC8as_T4_v3', T4, 1, 8, 56],
  ['NC16as_T4_v3', T4, 1, 16, 110],
  ['NC64as_T4_v3', T4, 4, 64, 440],
  ['NC24ads_A100_v4', A100_PCIE, 1, 24, 220],
  ['NC48ads_A100_v4', A100_PCIE, 2, 48, 440],
  ['NC96ads_A100_v4', A100_PCIE, 4, 96, 880],
  ['NC40ads_H100_v5', H100_NVL, 1, 40, 320],
  ['NC80adis_H100_v5', H100_NVL, 2, 80, 640],
  ['NCC40ads_H100_v5', H100_NVL, 1, 40, 320],
  ['ND6s', P40, 1, 6, 112],
  ['ND12s', P40, 2, 12, 224],
  ['ND24s', P40, 4, 24, 448],
  ['ND24rs', P40, 4, 24, 448],
  ['ND40rs_v2', V100_32, 8, 40, 672],
  ['ND96asr_v4', A100_40, 8, 96, 900],
  ['ND96amsr_A100_v4', A100_80, 8, 96, 1900],
  ['ND96isr_H100_v5', H100, 8, 96, 1900],
  ['ND96is_H100_v5', H100, 8, 96, 1900],
  ['ND96isr_H200_v5', H200, 8, 96, 1850],
  ['ND96is_H200_v5', H200, 8, 96, 1850],
  ['ND96isr_MI300X_v5', MI300X, 8, 96, 1850],
  ['ND96is_MI300X_v5', MI300X, 8, 96, 1850],
  ['ND128isr_NDR_GB200_v6', GB200, 4, 128, 900],
  ['ND128isr_GB300_v6', GB300, 4, 128, 900],
  ['NV6', M60, 1, 6, 56],
  ['NV12', M60, 2, 12, 112],
  ['NV24', M60, 4, 24, 224],
  ['NV6s_v2', M60, 1, 6, 112],
  ['NV12s_v2', M60, 2, 12, 224],
  ['NV24s_v2', M60, 4, 24, 448],
  ['NV12s_v3', M60, 1, 12, 112],
  ['NV24s_v3', M60, 2, 24, 224],
  ['NV48s_v3', M60, 4, 48, 448],
  ['NV4as_v4', MI25, 1 / 8, 4, 14],
  ['NV8as_v4', MI25, 1 / 4, 8, 28],
  ['NV16as_v4', MI25, 1 / 2, 16, 56],
  ['NV32as_v4', MI25, 1, 32, 112],
  ['NV6ads_A10_v5', A10, 1 / 6, 6, 55],
  ['NV12ads_A10_v5', A10, 1 / 3, 12, 110],
  ['NV18ads_A10_v5', A10, 1 / 2, 18, 220],
  ['NV36ads_A10_v5', A10, 1, 36, 440],
  ['NV36adms_A10_v5', A10, 1, 36, 880],
  ['NV72ads_A10_v5', A10, 2, 72, 880],
  ['NV4ads_V710_v5', V710, 1 / 6, 4, 16],
  ['NV8ads_V710_v5', V710, 1 / 3, 8, 32],
  ['NV12ads_V710_v5', V710, 1 / 2, 12, 64],
  ['NV24ads_V710_v5', V710, 1, 24, 128],
  ['NV28adms_V710_v5', V710, 1, 28, 160],
  ['NG8ads_V620_v1', V620, 1 / 4, 8, 16],
  ['NG16ads_V620_v1', V620, 1 / 2, 16, 32],
  ['NG32ads_V620_v1', V620, 1, 32, 64],
  ['NG32adms_V620_v1', V620, 1, 32, 176],
];

const BY_NAME = new Map(
  SIZES.map(([size, [gpu, gpuMemoryGb], gpuCount, vcpus, ramGib]): [string, AzureSize] => [
    size.toLowerCase(),
    { gpu, gpuCount, gpuMemoryGb, vcpus, ramGib },
  ]),
);

/** @param armSkuName `Standard_NC40ads_H100_v5`; a promotion of a size is that size */
export function azureSize(armSkuName: string): AzureSize | null {
  const size = armSkuName
    .trim()
    .toLowerCase()
    .replace(/^standard_/, '')
    .replace(/_promo$/, '');
  return BY_NAME.get(size) ?? null;
}

/** All of Azure's GPU sizes, and none of the others, begin with N. */
export function isGpuSize(armSkuName: string): boolean {
  return /^standard_n[a-z]/i.test(armSkuName.trim());
}
