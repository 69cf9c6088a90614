import type { PriceSource, ReferenceEntry } from '../../market/reference-entry';

const JANUARY: PriceSource = {
  text: "api.primeintellect.ai availability, recorded in PrimeIntellect-ai/prime-cli's tests (MIT)",
  date: '2025-01-05',
};
const NOVEMBER: PriceSource = {
  text: "api.primeintellect.ai availability/gpus and gpu-summary, recorded in PrimeIntellect-ai/prime-cli's tests (MIT)",
  date: '2025-11-16',
};
/** So that a currency other than the dollar stands in the list, as it does in the real one. */
const EURO: PriceSource = { text: 'the recorded price of hyperstack A100, named in euro here', date: '2025-01-05' };

/** Of one unit per hour, whether it stands in the price already, and how many come by default. */
export interface PrimePart {
  readonly count: number | null;
  readonly usd?: number;
  readonly included?: boolean;
  readonly max?: number;
}

export interface PrimeConfiguration {
  readonly cloudId: string;
  readonly gpuType: string;
  readonly socket: string | null;
  readonly provider: string;
  readonly region: string;
  readonly dataCenter: string | null;
  readonly country: string | null;
  readonly gpus: number;
  /** Of one GPU; the wire has the total. */
  readonly gpuGb: number;
  readonly vcpu: PrimePart;
  readonly memory: PrimePart;
  readonly disk: PrimePart;
  readonly community: boolean;
  readonly currency: 'USD' | 'EUR';
  readonly prepaidHours: number | null;
  readonly entry: ReferenceEntry;
}

type Place = readonly [region: string, dataCenter: string | null, country: string | null];
const NOWHERE: Place = ['united_states', null, null];
const CANADA: Place = ['canada', 'CANADA-1', 'CA'];
const PRAGUE: Place = ['eu_east', null, 'CZ'];
const FRANKFURT: Place = ['eu_west', 'FRA2', 'DE'];
const DALLAS: Place = ['united_states', 'DAL', 'US'];
const US_EAST: Place = ['united_states', 'us-east-1', 'US'];
const SYDNEY: Place = ['australia', 'australia-east-1', 'AU'];
const KANSAS: Place = ['united_states', 'US-KS-2', 'US'];
const MONTREAL: Place = ['canada', 'CA-MTL-3', 'CA'];
const HELSINKI: Place = ['eu_north', 'FIN-03', 'FI'];
const MONTREAL_1: Place = ['canada', 'MON1', 'CA'];
const PARIS: Place = ['eu_west', 'eu-west1', 'FR'];
const US_CENTRAL: Place = ['united_states', 'us-central-2', 'US'];
const US_NORTH_CENTRAL: Place = ['united_states', 'us-northcentral1-a', 'US'];
const CRUSOE: Place = ['united_states', 'us-east1-a', 'US'];

const RUNPOD_DISK: PrimePart = { count: 120, usd: 0.00014, included: false, max: 3_000 };
const included = (count: number, usd: number): PrimePart => ({ count, usd, included: true, max: 100_000 });
const extra = (count: number, usd: number, max: number): PrimePart => ({ count, usd, included: false, max });

type Traits = Partial<Pick<PrimeConfiguration, 'community' | 'currency' | 'prepaidHours'>> & {
  readonly spot?: boolean;
};
type Row = readonly [
  provider: string,
  cloudId: string,
  gpu: readonly [gpuType: string, socket: string | null, model: string, gpuGb: number],
  gpus: number,
  place: Place,
  size: readonly [vcpu: number | PrimePart, memory: number | PrimePart, disk: PrimePart],
  usd: string,
  source: PriceSource,
  traits?: Traits,
];

const A100_PCIE = ['A100_80GB', 'PCIe', 'A100-80GB-PCIE', 80] as const;
const A100_SXM = ['A100_80GB', 'SXM4', 'A100-80GB-SXM', 80] as const;
/** The socket is written wrongly upstream: an A100 has SXM4. */
const A100_SXM_MISNAMED = ['A100_80GB', 'SXM5', 'A100-80GB-SXM', 80] as const;
const H100_PCIE = ['H100_80GB', 'PCIe', 'H100-PCIE', 80] as const;
const H100_SXM = ['H100_80GB', 'SXM5', 'H100-SXM', 80] as const;
const A40 = ['A40_48GB', 'PCIe', 'A40', 48] as const;

const UNKNOWN: PrimePart = { count: null };
const COMMUNITY: Traits = { community: true };
const SPOT: Traits = { spot: true };
const PREPAID_EURO: Traits = { currency: 'EUR', prepaidHours: 24 };

/** Hosts of a community cloud sell what stands beside the GPU by the unit. */
const ONE_OF_PRAGUE = [extra(26, 0.005, 48), extra(100, 0.002, 188), extra(260, 0.0005, 2_040)] as const;
const THREE_OF_PRAGUE = [extra(64, 0.0055, 124), extra(210, 0.0035, 400), extra(240, 0.00025, 490)] as const;
const crusoeDisk = (count: number): PrimePart => included(count, 0.000108);
const hyperstackDisk = (count: number): PrimePart => included(count, 0.000097);
const LAMBDA_NODE = [240, 1_800, { count: 20_480 }] as const;

const ROWS: readonly Row[] = [
  ['runpod', 'NVIDIA A100 80GB PCIe', A100_PCIE, 1, NOWHERE, [8, 117, RUNPOD_DISK], '1.6568', JANUARY],
  ['runpod', 'NVIDIA A100 80GB PCIe', A100_PCIE, 2, NOWHERE, [16, 234, RUNPOD_DISK], '3.2968', JANUARY],
  ['runpod', 'NVIDIA A100 80GB PCIe', A100_PCIE, 8, NOWHERE, [64, 1_000, RUNPOD_DISK], '13.1368', JANUARY],
  ['runpod', 'NVIDIA A100 80GB PCIe', A100_PCIE, 1, NOWHERE, [8, 125, RUNPOD_DISK], '1.2068', JANUARY, COMMUNITY],
  ['runpod', 'NVIDIA A100-SXM4-80GB', A100_SXM, 1, KANSAS, [16, 251, RUNPOD_DISK], '1.7568', NOVEMBER],
  ['runpod', 'NVIDIA H100 PCIe', H100_PCIE, 1, MONTREAL, [31, 176, RUNPOD_DISK], '2.4068', NOVEMBER],
  ['runpod', 'NVIDIA A40', A40, 1, NOWHERE, [9, 50, RUNPOD_DISK], '0.4068', JANUARY],
  ['runpod', 'NVIDIA A40', A40, 6, NOWHERE, [54, 300, RUNPOD_DISK], '2.3568', JANUARY],
  ['lambdalabs', 'gpu_8x_a100_80gb_sxm4', A100_SXM, 8, US_EAST, LAMBDA_NODE, '14.32', JANUARY],
  ['lambdalabs', 'gpu_8x_a100_80gb_sxm4', A100_SXM, 8, SYDNEY, LAMBDA_NODE, '14.32', JANUARY],
  ['hyperstack', 'n3-A100x1', A100_PCIE, 1, CANADA, [28, 120, hyperstackDisk(750)], '1.35', JANUARY],
  ['hyperstack', 'n3-A100x4', A100_PCIE, 4, CANADA, [124, 480, hyperstackDisk(3_200)], '5.4', JANUARY],
  ['oblivus', 'A100_PCIE_80GB', A100_PCIE, 8, MONTREAL_1, [252, 1_440, included(100, 0.0001)], '11.7655', JANUARY],
  [
    'tensordock',
    '353c7146-1d73-41ae-b19c-80a578297621_1',
    A100_PCIE,
    1,
    PRAGUE,
    ONE_OF_PRAGUE,
    '1',
    JANUARY,
    COMMUNITY,
  ],
  [
    'tensordock',
    '7de483e8-55e2-41de-a8d7-75916f4f9ca0_3',
    A100_SXM,
    3,
    PRAGUE,
    THREE_OF_PRAGUE,
    '2.85',
    JANUARY,
    COMMUNITY,
  ],
  ['massedcompute', 'gpu_1x_a100', A100_PCIE, 1, US_CENTRAL, [16, 96, { count: 768 }], '1.72', JANUARY],
  ['latitude', 'g3-a100-large', A100_PCIE, 8, DALLAS, [128, 1_536, UNKNOWN], '11.51', JANUARY],
  ['latitude', 'g3-a100-large', A100_PCIE, 8, FRANKFURT, [128, 1_536, UNKNOWN], '11.51', JANUARY],
  ['crusoecloud', 'a100-80gb.1x', A100_PCIE, 1, US_NORTH_CENTRAL, [12, 120, crusoeDisk(960)], '1.65', JANUARY],
  ['crusoecloud', 'a100-80gb-sxm-ib.8x', A100_SXM_MISNAMED, 8, CRUSOE, [96, 960, crusoeDisk(1_920)], '15.6', JANUARY],
  ['crusoecloud', 'a40.8x', A40, 8, US_NORTH_CENTRAL, [48, 480, crusoeDisk(7_040)], '8.8', JANUARY],
  ['datacrunch', '1A100.22V', A100_SXM, 1, HELSINKI, [22, 120, { count: 50 }], '0.5748', NOVEMBER, SPOT],
  ['datacrunch', '1H100.80S.30V', H100_SXM, 1, HELSINKI, [30, 120, { count: 50 }], '1.157', NOVEMBER, SPOT],
  ['nebius', 'gpu-a100-prepaid', A100_PCIE, 1, PARIS, [28, 120, { count: 750 }], '1.35', EURO, PREPAID_EURO],
];

export const PRIME_CONFIGURATIONS: readonly PrimeConfiguration[] = ROWS.map(
  ([
    provider,
    cloudId,
    [gpuType, socket, model, gpuGb],
    gpus,
    [region, dataCenter, country],
    [vcpu, memory, disk],
    usd,
    source,
    traits,
  ]) => ({
    cloudId,
    gpuType,
    socket,
    provider,
    region,
    dataCenter,
    country,
    gpus,
    gpuGb,
    vcpu: typeof vcpu === 'number' ? { count: vcpu } : vcpu,
    memory: typeof memory === 'number' ? { count: memory } : memory,
    disk,
    community: traits?.community ?? false,
    currency: traits?.currency ?? 'USD',
    prepaidHours: traits?.prepaidHours ?? null,
    entry: {
      cloud: 'primeintellect',
      key: [provider, cloudId, gpus, dataCenter ?? region, traits?.community === true ? 'community' : 'secure'].join(
        ' ',
      ),
      model,
      gpuCounts: [gpus],
      regions: [dataCenter ?? region],
      listPrice: usd,
      unit: 'node_hour',
      pricing: traits?.spot === true ? 'spot' : 'on_demand',
      source,
    },
  }),
);
