/**
 * Speeds that somebody measured and published, one card, one request at a time (llama.cpp of 2023-2024; 7B and 13B in
 * FP16, 70B in 4 bits, because no card here holds it in 16), and SDXL images a minute (1024 x 1024, 20 steps, all of the
 * engine's own batch). A card that is missing here is estimated, and the answer says so.
 */
export interface MeasuredSpeeds {
  readonly gpuModel: string;
  readonly tokens7b: number | null;
  readonly tokens13b: number | null;
  readonly tokens70b: number | null;
  readonly imagesPerMinute: number | null;
  readonly source: string;
}

const XDAI = 'XiongjieDai/GPU-Benchmarks-on-LLM-Inference';
const LLAMA_CPP = 'ggml-org/llama.cpp PR benchmarks';
const MLPERF = 'mlcommons/inference_results_v4.1 SDXL';

type Row = readonly [string, number | null, number | null, number | null, number | null, string];

// prettier-ignore
const ROWS: readonly Row[] = [
  ['RTX-3090', 51.85, null, null, null, XDAI],
  ['RTX-4090', 60.78, null, null, null, XDAI],
  ['RTX-4000-ADA', 22.96, null, null, null, XDAI],
  ['RTX-5000-ADA', 36.31, 19.22, null, null, XDAI],
  ['RTX-6000-ADA', 50.56, 26.91, 17.02, null, XDAI],
  ['RTX-A6000', 44.01, null, 15.18, null, XDAI],
  ['A100-80GB-PCIE', 74.77, null, null, null, LLAMA_CPP],
  ['H100-PCIE', 83.32, 50.99, 25.88, 73.78, `${XDAI}; ${MLPERF}`],
  ['H100-SXM', null, null, null, 122.61, MLPERF],
  ['H100-NVL', null, null, null, 88.7, MLPERF],
  ['H200-SXM', null, null, null, 130.64, MLPERF],
  ['GH200-96GB', null, null, null, 125.28, MLPERF],
  ['GH200-141GB', null, null, null, 138.02, MLPERF],
  ['L40S', null, null, null, 41.03, MLPERF],
];

export const MEASURED_SPEEDS: ReadonlyMap<string, MeasuredSpeeds> = new Map(
  ROWS.map(([gpuModel, tokens7b, tokens13b, tokens70b, imagesPerMinute, source]) => [
    gpuModel,
    { gpuModel, tokens7b, tokens13b, tokens70b, imagesPerMinute, source },
  ]),
);
