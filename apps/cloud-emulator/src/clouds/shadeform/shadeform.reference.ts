import { collectedFrom, type PriceSource, type ReferenceEntry } from '../../market/reference-entry';

const QUICKSTART: PriceSource = { text: 'docs.shadeform.ai quickstart, an answer shown there', date: '2026-01-28' };
const OPENAPI: PriceSource = { text: "example of Shadeform's OpenAPI, kept in brevdev/cloud", date: '2026-04-21' };
/** Shadeform's list needs a key, so that nobody keeps it: the prices of the clouds that it resells stand in for its own. */
const HYPERSTACK = collectedFrom('hyperstack.cloud/gpu-pricing');
/** Spot stands in its answers since 2026; the prices are four fifths of the list prices, as Hyperstack sells its own. */
const SPOT_SOURCE: PriceSource = {
  text: 'four fifths of the list price of hyperstack.cloud/gpu-pricing',
  date: '2026-05-24',
};
const LAMBDA = collectedFrom('lambda.ai/pricing');
const VULTR = collectedFrom('vultr.com/pricing');
const DIGITALOCEAN = collectedFrom('digitalocean.com/pricing/gpu-droplets');

export interface ShadeformPlace {
  readonly region: string;
  readonly displayName: string;
}

export interface ShadeformType {
  readonly cloud: string;
  readonly name: string;
  readonly gpuType: string;
  readonly model: string;
  readonly gpus: number;
  readonly vramGb: number;
  readonly interconnect: string;
  readonly vcpus: number;
  readonly memoryGb: number;
  readonly storageGb: number;
  readonly deployment: 'vm' | 'baremetal' | 'container';
  readonly places: readonly ShadeformPlace[];
  readonly onDemand: ReferenceEntry;
  /** Only some are sold as spot as well. */
  readonly spot: ReferenceEntry | null;
}

const CANADA: ShadeformPlace = { region: 'canada-1', displayName: 'CA, Montreal, QC' };
const NORWAY: ShadeformPlace = { region: 'norway-1', displayName: 'NO, Oslo' };
const US_EAST: ShadeformPlace = { region: 'us-east-1', displayName: 'US, Washington, DC' };
const US_SOUTH: ShadeformPlace = { region: 'us-south-2', displayName: 'US, Dallas, TX' };
const KANSAS: ShadeformPlace = { region: 'kansascity-usa-1', displayName: 'US, Kansas City, KS' };
const NEW_YORK: ShadeformPlace = { region: 'nyc2', displayName: 'US, New York, NY' };
const AMSTERDAM: ShadeformPlace = { region: 'ams', displayName: 'NL, Amsterdam' };
/** Two regions of one city: the display name does not tell them apart. */
const WICHITA: readonly ShadeformPlace[] = ['us-central-1', 'us-central-2'].map((region) => ({
  region,
  displayName: 'US, Wichita, KS',
}));

type Row = readonly [
  cloud: string,
  name: string,
  gpuType: string,
  model: string,
  size: readonly [gpus: number, vramGb: number, vcpus: number, memoryGb: number, storageGb: number],
  interconnect: string,
  usdPerNodeHour: string,
  source: PriceSource,
  places: readonly ShadeformPlace[],
  traits?: { readonly spotUsd?: string; readonly deployment?: ShadeformType['deployment'] },
];

const ROWS: readonly Row[] = [
  ['massedcompute', 'A6000', 'A6000', 'RTX-A6000', [1, 48, 6, 48, 256], 'pcie', '0.57', QUICKSTART, [KANSAS]],
  ['hyperstack', 'A4000', 'A4000', 'RTX-A4000', [1, 16, 6, 24, 100], 'pcie', '0.15', HYPERSTACK, [NORWAY]],
  ['hyperstack', 'L40', 'L40', 'L40', [1, 48, 28, 58, 725], 'pcie', '1', HYPERSTACK, [CANADA, NORWAY]],
  [
    'hyperstack',
    'A100_80G',
    'A100_80G',
    'A100-80GB-PCIE',
    [1, 80, 28, 120, 850],
    'pcie',
    '1.35',
    HYPERSTACK,
    [CANADA, NORWAY],
    { spotUsd: '1.08' },
  ],
  [
    'hyperstack',
    'A100_80Gx4',
    'A100_80G',
    'A100-80GB-PCIE',
    [4, 80, 124, 480, 3_300],
    'pcie',
    '5.4',
    HYPERSTACK,
    [CANADA],
  ],
  [
    'hyperstack',
    'H100',
    'H100',
    'H100-PCIE',
    [1, 80, 28, 180, 850],
    'pcie',
    '1.9',
    HYPERSTACK,
    [CANADA, US_EAST],
    { spotUsd: '1.52' },
  ],
  ['hyperstack', 'H100x8', 'H100', 'H100-PCIE', [8, 80, 252, 1_440, 6_600], 'pcie', '15.2', HYPERSTACK, [CANADA]],
  [
    'hyperstack',
    'H100_sxm5x8',
    'H100_sxm5',
    'H100-SXM',
    [8, 80, 192, 1_800, 32_100],
    'sxm5',
    '19.2',
    HYPERSTACK,
    [CANADA, US_EAST],
  ],
  ['hyperstack', 'H200x8', 'H200', 'H200-SXM', [8, 141, 176, 1_800, 32_100], 'sxm5', '28', HYPERSTACK, [CANADA]],
  ['lambdalabs', 'A10', 'A10', 'A10', [1, 24, 30, 226, 1_400], 'pcie', '1.29', LAMBDA, [US_EAST]],
  ['lambdalabs', 'GH200', 'GH200', 'GH200-96GB', [1, 96, 64, 432, 4_096], 'nvlink', '2.29', LAMBDA, [US_EAST]],
  ['lambdalabs', 'H100_sxm5', 'H100_sxm5', 'H100-SXM', [1, 80, 26, 225, 2_750], 'sxm5', '4.29', LAMBDA, [US_SOUTH]],
  ['lambdalabs', 'B200', 'B200', 'B200', [1, 180, 26, 360, 2_750], 'sxm6', '6.99', LAMBDA, [US_SOUTH]],
  ['vultr', 'L40S', 'L40S', 'L40S', [1, 48, 16, 180, 1_200], 'pcie', '1.671', VULTR, [AMSTERDAM]],
  ['vultr', 'A40', 'A40', 'A40', [1, 48, 24, 120, 1_400], 'pcie', '1.712', VULTR, [AMSTERDAM]],
  [
    'vultr',
    'L40Sx8',
    'L40S',
    'L40S',
    [8, 48, 128, 1_024, 7_680],
    'pcie',
    '6.784',
    VULTR,
    [AMSTERDAM],
    { deployment: 'baremetal' },
  ],
  [
    'digitalocean',
    'RTX6000Ada',
    'RTX6000Ada',
    'RTX-6000-ADA',
    [1, 48, 8, 64, 500],
    'pcie',
    '1.57',
    DIGITALOCEAN,
    [NEW_YORK],
  ],
  ['digitalocean', 'MI300X', 'MI300X', 'MI300X', [1, 192, 20, 240, 720], 'oam', '1.99', DIGITALOCEAN, [NEW_YORK]],
  [
    'digitalocean',
    'MI300Xx8',
    'MI300X',
    'MI300X',
    [8, 192, 160, 1_920, 2_046],
    'oam',
    '15.92',
    DIGITALOCEAN,
    [NEW_YORK],
  ],
  // The vendor's own example names two cards for one type; readers have to hold it back.
  ['hyperstack', 'A6000', 'A100', 'RTX-A6000', [1, 48, 6, 12, 256], 'pcie', '2.1', OPENAPI, WICHITA],
];

export const SHADEFORM_TYPES: readonly ShadeformType[] = ROWS.map(
  ([
    cloud,
    name,
    gpuType,
    model,
    [gpus, vramGb, vcpus, memoryGb, storageGb],
    interconnect,
    usd,
    source,
    places,
    traits,
  ]) => {
    const onDemand: ReferenceEntry = {
      cloud: 'shadeform',
      key: `${cloud} ${name}`,
      model,
      gpuCounts: [gpus],
      regions: places.map(({ region }) => region),
      listPrice: usd,
      unit: 'node_hour',
      pricing: 'on_demand',
      source,
    };
    const spotUsd = traits?.spotUsd;
    return {
      cloud,
      name,
      gpuType,
      model,
      gpus,
      vramGb,
      interconnect,
      vcpus,
      memoryGb,
      storageGb,
      deployment: traits?.deployment ?? 'vm',
      places,
      onDemand,
      spot:
        spotUsd === undefined
          ? null
          : { ...onDemand, key: `${onDemand.key} spot`, listPrice: spotUsd, pricing: 'spot', source: SPOT_SOURCE },
    };
  },
);
