import type { BenchmarkEntity } from './benchmark.entity';

/** One card's figures with what is not known as null: the table's own way of saying so is 0. */
export interface BenchmarkFigures {
  readonly id: string;
  readonly gpuModel: string;
  readonly tflopsFp32: number | null;
  readonly tflopsFp16: number | null;
  readonly topsInt8: number | null;
  /** GB/s. */
  readonly memoryBandwidth: number | null;
  readonly vramGb: number | null;
  readonly tokens7b: number | null;
  readonly tokens13b: number | null;
  readonly tokens70b: number | null;
  readonly imagesPerMinute: number | null;
  readonly source: string;
  readonly verifiedAt: Date | null;
  readonly createdAt: Date;
}

const known = (value: number | null): number | null =>
  value !== null && Number.isFinite(value) && value > 0 ? value : null;

export function benchmarkFigures(row: BenchmarkEntity): BenchmarkFigures {
  return {
    id: row.id,
    gpuModel: row.gpuModel,
    tflopsFp32: known(row.tflopsFp32),
    tflopsFp16: known(row.tflopsFp16),
    topsInt8: known(row.tflopsInt8),
    memoryBandwidth: known(row.memoryBandwidthGbps),
    vramGb: known(row.vramGb),
    tokens7b: known(row.tokensPerSecond7b),
    tokens13b: known(row.tokensPerSecond13b),
    tokens70b: known(row.tokensPerSecond70b),
    imagesPerMinute: known(row.imageGenPerMinute),
    source: row.source,
    verifiedAt: row.verifiedAt,
    createdAt: row.createdAt,
  };
}
