import type { PriceSource, ReferenceEntry } from '../../market/reference-entry';

const RETAIL_PRICES: PriceSource = {
  text: 'prices.azure.com retail prices, recorded by ewyluda/gpu-price-index',
  date: '2026-09-28',
};
const CATALOG: PriceSource = {
  text: 'SkyPilot catalog, azure file (skypilot-org/skypilot-catalog)',
  date: '2023-12-08',
};

/** A VM size. Meter and product names follow no rule, so they stand here one by one. */
export interface AzureSku {
  readonly armSkuName: string;
  readonly meterName: string;
  /** Of the Linux meters. */
  readonly productName: string;
  readonly model: string;
  /** A fraction where the size has a slice of a card. */
  readonly gpuCount: number;
  readonly vcpus: number;
}

export type AzureMeterKind = 'on_demand' | 'spot' | 'low_priority';

/** One Linux meter of one size in one region. */
export interface AzureMeter {
  readonly sku: AzureSku;
  readonly region: string;
  readonly kind: AzureMeterKind;
  readonly entry: ReferenceEntry;
}

type Prices = Readonly<Record<string, string>>;

interface SkuPrices {
  readonly sku: AzureSku;
  readonly source: PriceSource;
  readonly onDemand: Prices;
  readonly spot?: Prices;
  readonly lowPriority?: Prices;
}

const sku = (
  armSkuName: string,
  meterName: string,
  productName: string,
  model: string,
  gpuCount: number,
  vcpus: number,
): AzureSku => ({ armSkuName: `Standard_${armSkuName}`, meterName, productName, model, gpuCount, vcpus });

/** Of the catalog's three regions: one price for all of them, or that of each. */
type CatalogPrice = string | readonly [eastus: string, westus2: string, westus3: string];

const catalogued = (size: AzureSku, onDemand: CatalogPrice, spot?: CatalogPrice): SkuPrices => ({
  sku: size,
  source: CATALOG,
  onDemand: inThreeRegions(onDemand),
  ...(spot === undefined ? {} : { spot: inThreeRegions(spot) }),
});

function inThreeRegions(price: CatalogPrice): Prices {
  const [eastus, westus2, westus3] = typeof price === 'string' ? [price, price, price] : price;
  return { eastus, westus2, westus3 };
}

const NC_A100 = 'NCads A100 v4 Series Linux';
const NC_H100 = 'Virtual Machines NCadsH100v5 Series';
const NV_A10 = 'Virtual Machines NVadsA10v5 Series';
const NC_T4 = 'Virtual Machines NCasT4 v3 Series';
const NC_V100 = 'Virtual Machines NCSv3 Series';

const PRICES: readonly SkuPrices[] = [
  {
    sku: sku('ND96isr_H200_v5', 'ND96isrH200v5', 'Virtual Machines NDsrH200v5 Series', 'H200-SXM', 8, 96),
    source: RETAIL_PRICES,
    onDemand: { japaneast: '106', usgovvirginia: '106' },
    spot: { uksouth: '106' },
    lowPriority: { eastus2: '16.96' },
  },
  {
    sku: sku('ND96isr_H100_v5', 'ND96isrH100v5', 'Virtual Machines NDsr H100 v5 Series', 'H100-SXM', 8, 96),
    source: RETAIL_PRICES,
    onDemand: { eastus: '98.32', westus3: '98.32', westeurope: '127.816', japaneast: '142.564' },
    spot: { spaincentral: '23.620397' },
    lowPriority: { southcentralus: '23.594' },
  },
  {
    sku: sku('NC40ads_H100_v5', 'NC40adsH100v5', NC_H100, 'H100-NVL', 1, 40),
    source: RETAIL_PRICES,
    onDemand: { eastus: '6.98', westeurope: '9.08', japaneast: '10.121', uaenorth: '9.98' },
    spot: { uaenorth: '1.844304' },
    lowPriority: { uaenorth: '1.996' },
  },
  {
    sku: sku('NC80adis_H100_v5', 'NC80adisH100v5', NC_H100, 'H100-NVL', 2, 80),
    source: RETAIL_PRICES,
    onDemand: { eastus: '13.96', westeurope: '18.16', japaneast: '20.242', uksouth: '17.45' },
    spot: { malaysiawest: '3.650426' },
    lowPriority: { germanywestcentral: '3.63' },
  },
  {
    sku: sku(
      'ND96amsr_A100_v4',
      'ND96amsr A100 v4',
      'Virtual Machines NDamsr A100 v4 Series Linux',
      'A100-80GB-SXM',
      8,
      96,
    ),
    source: RETAIL_PRICES,
    onDemand: { eastus: '32.77', westeurope: '40.962', italynorth: '40.962', japaneast: '47.517' },
    spot: { westeurope: '10.551811' },
    lowPriority: { westus3: '6.554' },
  },
  {
    sku: sku('ND96asr_v4', 'ND96asr_A100_v4', 'Virtual Machines NDasr A100 v4 Series', 'A100-40GB-SXM', 8, 96),
    source: RETAIL_PRICES,
    onDemand: { eastus: '27.197', westeurope: '35.357', usgovvirginia: '34.003' },
    spot: { eastus: '5.904469' },
    lowPriority: { westeurope: '7.071' },
  },
  {
    sku: sku('NC24ads_A100_v4', 'NC24ads_A100_v4', NC_A100, 'A100-80GB-PCIE', 1, 24),
    source: RETAIL_PRICES,
    onDemand: { eastus: '3.673', westus3: '3.673', westeurope: '4.775', japaneast: '5.326' },
    spot: { eastus: '0.67877' },
    lowPriority: { southcentralus: '0.882' },
  },
  {
    sku: sku('NC48ads_A100_v4', 'NC48ads_A100_v4', NC_A100, 'A100-80GB-PCIE', 2, 48),
    source: RETAIL_PRICES,
    onDemand: { eastus: '7.346', eastus2: '7.346', westeurope: '9.55', japaneast: '10.652' },
    spot: { westeurope: '1.76484' },
    lowPriority: { eastus: '1.469' },
  },
  {
    sku: sku('NC96ads_A100_v4', 'NC96ads_A100_v4', NC_A100, 'A100-80GB-PCIE', 4, 96),
    source: RETAIL_PRICES,
    onDemand: { eastus: '14.692', westeurope: '19.1', japaneast: '21.303' },
    spot: { southcentralus: '3.258024' },
    lowPriority: { northcentralus: '3.526' },
  },
  {
    sku: sku('ND96isr_MI300X_v5', 'ND96isrMI300Xv5', 'Virtual Machines NDMI300Xv5 Srs', 'MI300X', 8, 96),
    source: RETAIL_PRICES,
    onDemand: { northeurope: '57.6' },
    spot: { centralus: '10.910777' },
    lowPriority: { westcentralus: '11.52' },
  },
  catalogued(sku('NV6ads_A10_v5', 'NV6ads A10 v5', NV_A10, 'A10', 1 / 6, 6), '0.454', '0.1135'),
  catalogued(sku('NV12ads_A10_v5', 'NV12ads A10 v5', NV_A10, 'A10', 1 / 3, 12), '0.908', '0.227'),
  catalogued(sku('NV18ads_A10_v5', 'NV18ads A10 v5', NV_A10, 'A10', 1 / 2, 18), '1.6'),
  catalogued(sku('NV36ads_A10_v5', 'NV36ads A10 v5', NV_A10, 'A10', 1, 36), '3.2', '0.8'),
  catalogued(sku('NV72ads_A10_v5', 'NV72ads A10 v5', NV_A10, 'A10', 2, 72), '6.52'),
  catalogued(sku('NC4as_T4_v3', 'NC4as T4 v3', NC_T4, 'T4', 1, 4), '0.526', ['0.0526', '0.055598', '0.0526']),
  catalogued(sku('NC16as_T4_v3', 'NC16as T4 v3', NC_T4, 'T4', 1, 16), '1.204'),
  catalogued(sku('NC64as_T4_v3', 'NC64as T4 v3', NC_T4, 'T4', 4, 64), '4.352', ['0.4352', '0.460006', '0.4352']),
  catalogued(sku('NC6s_v3', 'NC6s v3', NC_V100, 'V100-PCIE', 1, 6), '3.06', ['0.935136', '0.460836', '0.811206']),
  catalogued(sku('NC12s_v3', 'NC12s v3', NC_V100, 'V100-PCIE', 2, 12), '6.12'),
  catalogued(sku('NC24s_v3', 'NC24s v3', NC_V100, 'V100-PCIE', 4, 24), '12.24', ['3.740544', '1.843344', '3.244824']),
];

/** Every Linux meter with a list price, in a fixed order: pages are cut by position. */
export const AZURE_METERS: readonly AzureMeter[] = PRICES.flatMap((prices) => [
  ...metersOf(prices, 'on_demand', prices.onDemand),
  ...metersOf(prices, 'spot', prices.spot ?? {}),
  ...metersOf(prices, 'low_priority', prices.lowPriority ?? {}),
]);

function metersOf({ sku: size, source }: SkuPrices, kind: AzureMeterKind, prices: Prices): AzureMeter[] {
  return Object.entries(prices).map(([region, listPrice]) => ({
    sku: size,
    region,
    kind,
    entry: {
      cloud: 'azure',
      key: `${size.armSkuName} ${region} ${kind}`,
      model: size.model,
      gpuCounts: [size.gpuCount],
      regions: [region],
      listPrice,
      unit: 'node_hour',
      pricing: kind === 'on_demand' ? 'on_demand' : 'spot',
      source,
    },
  }));
}
