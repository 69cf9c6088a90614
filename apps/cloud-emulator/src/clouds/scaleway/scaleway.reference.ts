import type { PriceSource, ReferenceEntry } from '../../market/reference-entry';

const RECORDED: PriceSource = {
  text: "api.scaleway.com products of fr-par-1, recorded in scaleway/scaleway-cli's tests (Apache-2.0); in euro",
  date: '2026-07-01',
};

export interface ScalewayType {
  readonly name: string;
  readonly gpu: string;
  readonly gpus: number;
  /** Of one GPU. */
  readonly gpuGib: number;
  readonly cpu: string;
  readonly vcpus: number;
  readonly ramGib: number;
  readonly zones: readonly string[];
  /** In which the catalogue writes its price: both occur in one answer. */
  readonly unit: 'minute' | 'hour';
  readonly entry: ReferenceEntry;
}

type Row = readonly [
  name: string,
  gpu: string,
  gpus: number,
  gpuGib: number,
  cpu: string,
  vcpus: number,
  ramGib: number,
  unit: ScalewayType['unit'],
  eur: string,
];

const EPYC = 'AMD EPYC 7413 (2.65 GHz)';

const ROWS: readonly Row[] = [
  ['L4-1-24G', 'L4', 1, 24, EPYC, 8, 48, 'minute', '0.7875'],
  ['L4-2-24G', 'L4', 2, 24, EPYC, 16, 96, 'minute', '1.575'],
  ['L4-4-24G', 'L4', 4, 24, EPYC, 32, 192, 'minute', '3.15'],
  ['L4-8-24G', 'L4', 8, 24, EPYC, 64, 384, 'minute', '6.3'],
  ['RENDER-S', 'P100', 1, 16, 'Intel Xeon Gold 6148 (2.4 GHz)', 10, 42, 'hour', '1.221'],
];

/** Recorded in one zone only; the second one is there so that zones differ. */
export const SCALEWAY_ZONES = ['fr-par-1', 'fr-par-2'] as const;

export const SCALEWAY_TYPES: readonly ScalewayType[] = ROWS.map(
  ([name, gpu, gpus, gpuGib, cpu, vcpus, ramGib, unit, eur]) => ({
    name,
    gpu,
    gpus,
    gpuGib,
    cpu,
    vcpus,
    ramGib,
    zones: SCALEWAY_ZONES,
    unit,
    entry: {
      cloud: 'scaleway',
      key: name,
      model: gpu,
      gpuCounts: [gpus],
      regions: SCALEWAY_ZONES,
      listPrice: eur,
      unit: 'node_hour',
      pricing: 'on_demand',
      source: RECORDED,
    },
  }),
);
