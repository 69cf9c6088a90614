import type { PriceSource, ReferenceEntry } from '../../market/reference-entry';

const RECORDED: PriceSource = {
  text: 'rest.compute.cudo.org machine types, recorded by kms-hoangdao/gpu-price-tracker',
  date: '2026-08-22',
};
const OLDER: PriceSource = { text: "machine type in dstackai/gpuhunt's tests (MPL-2.0)", date: '2024-03-14' };
/** Its prices are sums; the rates of the parts are those of the recorded type in the same place. */
const CATALOG: PriceSource = { text: 'SkyPilot catalog, cudo file, less vCPU and memory', date: '2024-02-05' };

export interface CudoType {
  readonly machineType: string;
  readonly dataCenterId: string;
  readonly gpuModel: string;
  readonly gpuModelId: string;
  readonly vcpuPrice: string;
  readonly memoryPrice: string;
  readonly storagePrice: string;
  readonly ipv4Price: string;
  readonly minVcpuPerGib: number;
  readonly maxVcpuPerGib: number;
  readonly minVcpuPerGpu: number;
  /** A word where nothing limits it. */
  readonly maxVcpuPerGpu: number | 'Infinity';
  /** Hosts of the type, and GPUs of each; a machine is of one host. */
  readonly hosts: number;
  readonly gpusPerHost: number;
  /** null for a type without a GPU, whose price is written as 0. */
  readonly entry: ReferenceEntry | null;
}

type Row = readonly [
  machineType: string,
  dataCenterId: string,
  gpu: readonly [gpuModel: string, gpuModelId: string, model: string],
  gpuPrice: string,
  rates: readonly [vcpu: string, memory: string, storage: string, ipv4: string],
  limits: readonly [minPerGib: number, maxPerGib: number, maxPerGpu: number | 'Infinity'],
  hosts: number,
  gpusPerHost: number,
  source: PriceSource,
];

const KRISTIANSAND = ['0.004900', '0.004900', '0.00014', '0.003500'] as const;
const SAPPHIRE_RATES = ['0.005900', '0.004900', '0.00014', '0.003500'] as const;
const LUSTER = ['0.002100', '0.003400', '0.000107', '0.003500'] as const;
const ROME = [0.259109, 1.036437, 16] as const;
const SAPPHIRE = [0.0515873, 0.2063492, 26] as const;
const GENOA = [0.25, 1, 22] as const;

const A100 = ['A100 80GB PCIe', 'nvidia-a100-pcie', 'A100-80GB-PCIE'] as const;
const L40S = ['L40S (graphics mode)', 'nvidia-l40s-graphics', 'L40S'] as const;
const H100 = ['H100 SXM', 'nvidia-h100', 'H100-SXM'] as const;
const RTX_A5000 = ['RTX A5000', 'nvidia-rtx-a5000', 'RTX-A5000'] as const;
const RTX_A4000 = ['RTX A4000', 'nvidia-rtx-a4000', 'RTX-A4000'] as const;
const RTX_A6000 = ['RTX A6000', 'nvidia-rtx-a6000', 'RTX-A6000'] as const;

const ROWS: readonly Row[] = [
  ['epyc-genoa-a100-pcie', 'no-kristiansand-1', A100, '1.500000', KRISTIANSAND, GENOA, 2, 8, RECORDED],
  ['epyc-genoa-l40s-graphics', 'no-kristiansand-1', L40S, '0.870000', KRISTIANSAND, GENOA, 1, 4, RECORDED],
  ['sapphire-rapids-h100', 'no-kristiansand-1', H100, '1.790000', SAPPHIRE_RATES, SAPPHIRE, 1, 8, RECORDED],
  ['epyc-rome-rtx-a5000', 'no-luster-1', RTX_A5000, '0.520000', LUSTER, ROME, 2, 4, OLDER],
  ['epyc-rome-rtx-a4000', 'no-luster-1', RTX_A4000, '0.290000', LUSTER, ROME, 2, 8, CATALOG],
  ['epyc-rome-rtx-a6000', 'no-luster-1', RTX_A6000, '0.780000', LUSTER, ROME, 1, 8, CATALOG],
];

const GPU_TYPES: readonly CudoType[] = ROWS.map(
  ([machineType, dataCenterId, [gpuModel, gpuModelId, model], gpuPrice, rates, limits, hosts, gpusPerHost, source]) => {
    const [vcpuPrice, memoryPrice, storagePrice, ipv4Price] = rates;
    const [minVcpuPerGib, maxVcpuPerGib, maxVcpuPerGpu] = limits;
    return {
      machineType,
      dataCenterId,
      gpuModel,
      gpuModelId,
      vcpuPrice,
      memoryPrice,
      storagePrice,
      ipv4Price,
      minVcpuPerGib,
      maxVcpuPerGib,
      minVcpuPerGpu: 1,
      maxVcpuPerGpu,
      hosts,
      gpusPerHost,
      entry: {
        cloud: 'cudo',
        key: machineType,
        model,
        gpuCounts: Array.from({ length: gpusPerHost }, (_, count) => count + 1),
        regions: [dataCenterId],
        listPrice: gpuPrice,
        unit: 'gpu_hour',
        pricing: 'on_demand',
        source,
      },
    };
  },
);

/** Stands in the recorded list between the others. */
const CPU_TYPE: CudoType = {
  machineType: 'epyc-genoa',
  dataCenterId: 'se-skarholmen-1',
  gpuModel: '',
  gpuModelId: '',
  vcpuPrice: '0.004900',
  memoryPrice: '0.009800',
  storagePrice: '0.00014',
  ipv4Price: '0',
  minVcpuPerGib: 0.0625,
  maxVcpuPerGib: 1,
  minVcpuPerGpu: 0,
  maxVcpuPerGpu: 'Infinity',
  hosts: 1,
  gpusPerHost: 0,
  entry: null,
};

export const CUDO_TYPES: readonly CudoType[] = [...GPU_TYPES, CPU_TYPE];
