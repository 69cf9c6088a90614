import { collectedFrom, type PriceSource, type ReferenceEntry } from '../../market/reference-entry';
import { uuidOf } from '../rental.desk';

const PAGE = collectedFrom('tensordock.com/cloud-gpus.html');
const COLLECTION: PriceSource = {
  text: 'v0 hostnodes in the official request collection, as carried by ryan-huang1/tensordock-python-sdk',
  date: '2024-07-10',
};

export interface TensordockCard {
  readonly v0Name: string;
  readonly displayName: string;
  readonly entry: ReferenceEntry;
}

export interface TensordockLocation {
  readonly id: string;
  readonly city: string;
  readonly stateprovince: string | null;
  readonly country: string;
  readonly tier: number;
  /** Cards by their v0 names, with how many there are. */
  readonly stock: Readonly<Record<string, number>>;
  /** An answer recorded in Idaho had neither. */
  readonly tellsParts: boolean;
  /** The API's max_count is often wrong: some places show what they own, not what they have left. */
  readonly overstates: boolean;
}

type Place = readonly [
  city: string,
  stateprovince: string | null,
  country: string,
  tier: number,
  stock: TensordockLocation['stock'],
  traits?: Partial<Pick<TensordockLocation, 'tellsParts' | 'overstates'>>,
];

const PLACES: readonly Place[] = [
  ['Austin', 'Texas', 'United States', 3, { 'h100-sxm5-80gb': 8, 'a100-sxm4-80gb': 8, 'l40-pcie-48gb': 4 }],
  ['Chubbuck', 'Idaho', 'United States', 1, { 'geforcertx4090-pcie-24gb': 4 }, { tellsParts: false }],
  ['Winnipeg', 'Manitoba', 'Canada', 2, { 'geforcertx3080-pcie-10gb': 1, 'rtxa4000-pcie-16gb': 10 }],
  ['Prague', null, 'Czechia', 2, { 'a100-pcie-80gb': 2, 'rtxa6000-pcie-48gb': 8 }, { overstates: true }],
  ['Mumbai', 'Maharashtra', 'India', 1, { 'a100-pcie-80gb': 4, 'v100-sxm2-16gb': 8 }],
  ['Manassas', 'Virginia', 'United States', 2, { 'geforcertx3090-pcie-24gb': 8, 'rtx6000ada-pcie-48gb': 4 }],
  // Places without a card stand in the list too.
  ['Chicago', 'Illinois', 'United States', 1, {}],
];

export const TENSORDOCK_LOCATIONS: readonly TensordockLocation[] = PLACES.map(
  ([city, stateprovince, country, tier, stock, traits], index) => ({
    id: uuidOf(9_000_001 + index),
    city,
    stateprovince,
    country,
    tier,
    stock,
    tellsParts: true,
    overstates: false,
    ...traits,
  }),
);

type CardRow = readonly [v0Name: string, displayName: string, model: string, usd: string, source: PriceSource];

const CARDS: readonly CardRow[] = [
  ['rtxa4000-pcie-16gb', 'NVIDIA RTX A4000 PCIe 16GB', 'RTX-A4000', '0.1', PAGE],
  ['v100-sxm2-16gb', 'NVIDIA Tesla V100 SXM2 16GB', 'V100-SXM2-16GB', '0.17', PAGE],
  ['geforcertx3080-pcie-10gb', 'NVIDIA GeForce RTX 3080 PCIe 10GB', 'RTX-3080', '0.15', COLLECTION],
  ['geforcertx3090-pcie-24gb', 'NVIDIA GeForce RTX 3090 PCIe 24GB', 'RTX-3090', '0.2', PAGE],
  ['geforcertx4090-pcie-24gb', 'NVIDIA GeForce RTX 4090 PCIe 24GB', 'RTX-4090', '0.35', PAGE],
  ['rtxa6000-pcie-48gb', 'NVIDIA RTX A6000 PCIe 48GB', 'RTX-A6000', '0.45', PAGE],
  ['rtx6000ada-pcie-48gb', 'NVIDIA RTX 6000 Ada PCIe 48GB', 'RTX-6000-ADA', '0.75', PAGE],
  ['l40-pcie-48gb', 'NVIDIA L40 PCIe 48GB', 'L40', '0.95', PAGE],
  ['a100-pcie-80gb', 'NVIDIA A100 PCIe 80GB', 'A100-80GB-PCIE', '1.5', PAGE],
  ['a100-sxm4-80gb', 'NVIDIA A100 SXM4 80GB', 'A100-80GB-SXM', '1.8', PAGE],
  ['h100-sxm5-80gb', 'H100 SXM5 80GB', 'H100-SXM', '2.25', PAGE],
];

export const TENSORDOCK_CARDS: readonly TensordockCard[] = CARDS.map(([v0Name, displayName, model, usd, source]) => {
  const places = TENSORDOCK_LOCATIONS.filter(({ stock }) => v0Name in stock);
  const most = Math.max(...places.map(({ stock }) => stock[v0Name] ?? 0));
  return {
    v0Name,
    displayName,
    entry: {
      cloud: 'tensordock',
      key: v0Name,
      model,
      gpuCounts: Array.from({ length: most }, (_, count) => count + 1),
      regions: places.map(({ city }) => city),
      listPrice: usd,
      unit: 'gpu_hour',
      pricing: 'on_demand',
      source,
    },
  };
});
