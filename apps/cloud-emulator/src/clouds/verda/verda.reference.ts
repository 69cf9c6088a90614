import { collectedFrom, type ReferenceEntry } from '../../market/reference-entry';

const PRICE_PAGE = collectedFrom('verda.com/products, per GPU');

export type VerdaKind = 'on_demand' | 'spot';
export const VERDA_KINDS: readonly VerdaKind[] = ['on_demand', 'spot'];

interface VerdaCard {
  /** As `name` and, behind the count, `gpu.description` have it. */
  readonly name: string;
  readonly shortModel: string;
  readonly model: string;
  /** Of one card, as Verda reports it. */
  readonly gb: number;
  /** USD per GPU-hour; null: not sold so. */
  readonly price: Readonly<Record<VerdaKind, string | null>>;
}

const card = (
  name: string,
  shortModel: string,
  model: string,
  gb: number,
  onDemand: string,
  spot: string | null,
): VerdaCard => ({ name, shortModel, model, gb, price: { on_demand: onDemand, spot } });

const B300 = card('B300 SXM6 268GB', 'B300', 'B300', 268, '6.99', '2.45');
const B200 = card('B200 SXM6 180GB', 'B200', 'B200', 180, '4.89', '1.71');
const GB300 = card('GB300 SXM6 288GB', 'GB300', 'GB300', 288, '7.99', '2.80');
const H200 = card('H200 SXM5 141GB', 'H200', 'H200-SXM', 141, '3.39', '1.19');
const H100 = card('H100 SXM5 80GB', 'H100', 'H100-SXM', 80, '2.29', '0.80');
const A100 = card('A100 SXM4 80GB', 'A100 80GB', 'A100-80GB-SXM', 80, '1.29', '0.45');
const A100_40 = card('A100 SXM4 40GB', 'A100 40GB', 'A100-40GB-SXM', 40, '0.72', null);
const L40S = card('L40S 48GB', 'L40S', 'L40S', 48, '0.91', '0.32');
const PRO6000 = card('RTX PRO 6000 96GB', 'RTX PRO 6000', 'RTX-PRO-6000', 96, '1.69', '0.59');
const ADA6000 = card('RTX 6000 Ada 48GB', 'RTX 6000 Ada', 'RTX-6000-ADA', 48, '0.83', '0.29');
const A6000 = card('RTX A6000 48GB', 'RTX A6000', 'RTX-A6000', 48, '0.49', '0.17');
const V100 = card('Tesla V100 16GB', 'Tesla V100', 'V100', 16, '0.14', '0.05');

export interface VerdaType {
  /** `2A6000.20V`. */
  readonly name: string;
  readonly card: VerdaCard;
  readonly gpus: number;
  readonly vcpus: number;
  readonly ramGb: number;
  /** null: storage is billed apart. */
  readonly diskGb: number | null;
  readonly locations: readonly string[];
  readonly entries: Readonly<Record<VerdaKind, ReferenceEntry | null>>;
}

type Row = readonly [name: string, card: VerdaCard, gpus: number, vcpus: number, ramGb: number, ...locations: string[]];

/** Types, vCPU, RAM and locations as SkyPilot's catalog of Verda (v8) has them; 40 GB A100, L40S, A6000 and GB300 types after their pattern. */
const ROWS: readonly Row[] = [
  ['1B300.30V', B300, 1, 30, 275, 'FIN-03'],
  ['2B300.60V', B300, 2, 60, 550, 'FIN-03'],
  ['4B300.120V', B300, 4, 120, 1_100, 'FIN-03'],
  ['1B200.30V', B200, 1, 30, 184, 'FIN-03'],
  ['2B200.60V', B200, 2, 60, 368, 'FIN-03'],
  ['4B200.120V', B200, 4, 120, 736, 'FIN-03'],
  ['8B200.240V', B200, 8, 240, 1_472, 'FIN-03'],
  ['4GB300.144V', GB300, 4, 144, 960, 'FIN-03'],
  ['1H200.141S.44V', H200, 1, 44, 182, 'FIN-02', 'FIN-03'],
  ['2H200.141S.88V', H200, 2, 88, 370, 'FIN-02', 'FIN-03'],
  ['1H100.80S.32V', H100, 1, 32, 185, 'FIN-02'],
  ['8H100.80S.176V', H100, 8, 176, 1_480, 'FIN-01', 'FIN-02'],
  ['1A100.22V', A100, 1, 22, 120, 'FIN-01', 'FIN-03'],
  ['4A100.88V', A100, 4, 88, 480, 'FIN-03'],
  ['1A100.40S.22V', A100_40, 1, 22, 120, 'FIN-01'],
  ['1L40S.20V', L40S, 1, 20, 60, 'FIN-02'],
  ['1RTXPRO6000.30V', PRO6000, 1, 30, 90, 'FIN-03'],
  ['2RTXPRO6000.60V', PRO6000, 2, 60, 180, 'FIN-03'],
  ['8RTXPRO6000.240V', PRO6000, 8, 240, 720, 'FIN-03'],
  ['1RTX6000ADA.10V', ADA6000, 1, 10, 60, 'FIN-01', 'FIN-03'],
  ['2RTX6000ADA.20V', ADA6000, 2, 20, 120, 'FIN-03'],
  ['1A6000.10V', A6000, 1, 10, 60, 'FIN-01', 'ICE-01'],
  ['2A6000.20V', A6000, 2, 20, 120, 'FIN-01', 'ICE-01'],
  ['1V100.6V', V100, 1, 6, 23, 'FIN-01'],
];

export const VERDA_TYPES: readonly VerdaType[] = ROWS.map(([name, one, gpus, vcpus, ramGb, ...locations]) => ({
  name,
  card: one,
  gpus,
  vcpus,
  ramGb,
  diskGb: one === V100 ? 225 : null,
  locations,
  entries: {
    on_demand: entryOf(name, one, gpus, locations, 'on_demand'),
    spot: entryOf(name, one, gpus, locations, 'spot'),
  },
}));

function entryOf(
  name: string,
  { model, price }: VerdaCard,
  gpus: number,
  locations: readonly string[],
  kind: VerdaKind,
): ReferenceEntry | null {
  const listPrice = price[kind];
  if (listPrice === null) return null;
  return {
    cloud: 'verda',
    key: `${name} ${kind}`,
    model,
    gpuCounts: [gpus],
    regions: locations,
    listPrice,
    unit: 'gpu_hour',
    pricing: kind,
    source: PRICE_PAGE,
  };
}
