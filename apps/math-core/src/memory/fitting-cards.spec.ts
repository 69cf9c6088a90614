import { gpuFacts } from '../benchmarks/gpu-facts';
import { isReference, sampleOf } from '../throughput/fit/fit';
import { MEASUREMENTS } from '../throughput/fit/measurements';
import { modelShape } from '../throughput/model-shape';
import { precisionOf } from '../throughput/precision';
import { fitsInto, inferenceMemory } from './inference-memory';
import { trainingMemory, type TrainingMethod } from './training-memory';

const vramOf = (gpu: string) => gpuFacts(gpu)?.vramGb ?? NaN;
const GIB = 2 ** 30;

function modelOf(size: string) {
  const model = modelShape(size);
  if (model === null) throw new Error(`no model ${size}`);
  return model;
}

function inferring(size: string, format: string, contextTokens: number) {
  const precision = precisionOf(format);
  if (precision === null) throw new Error(`no precision ${format}`);
  return inferenceMemory({ model: modelOf(size), precision, contextTokens, batch: 1 });
}

it('lets every run that was measured into the card that ran it, margin aside', () => {
  const tooLarge = MEASUREMENTS.map(sampleOf)
    .filter(isReference)
    .filter(({ card, workload }) => {
      const { model, precision, inputTokens, outputTokens } = workload;
      const need = inferenceMemory({ model, precision, contextTokens: inputTokens + outputTokens, batch: 1 });
      return need.total > (card.vramGb ?? 0) * GIB;
    });
  expect(
    tooLarge.map(({ measurement }) => `${measurement.model} ${measurement.precision} ${measurement.gpuModel}`),
  ).toEqual([]);
});

// Runs that XiongjieDai/GPU-Benchmarks-on-LLM-Inference reports as out of memory, and what is plainly larger than the card.
it.each([
  ['RTX-3070', 'llama-3-8b', 'fp16'],
  ['RTX-3080', 'llama-3-8b', 'fp16'],
  ['RTX-4080', 'llama-3-70b', 'q4_k_m'],
  ['RTX-3090', 'llama-3-70b', 'q4_k_m'],
  ['RTX-4090', 'llama-3-70b', 'q4_k_m'],
  ['RTX-5000-ADA', 'llama-3-70b', 'q4_k_m'],
  ['RTX-A6000', 'llama-3-70b', 'fp16'],
  ['A40', 'llama-3-70b', 'fp16'],
  ['A100-80GB-PCIE', 'llama-3-70b', 'fp16'],
  ['H100-PCIE', 'llama-3-70b', 'fp16'],
  ['T4', 'llama-2-13b', 'fp16'],
])('%s does not hold %s in %s', (gpu, model, format) => {
  expect(fitsInto(inferring(model, format, 1_024), vramOf(gpu))).toBe(false);
});

it.each([
  ['RTX-3070', 'llama-3-8b', 'q4_k_m'],
  ['RTX-4090', 'llama-3-8b', 'fp16'],
  ['RTX-4000-ADA', 'llama-3-8b', 'fp16'],
  ['RTX-A6000', 'llama-3-70b', 'q4_k_m'],
  ['A100-80GB-SXM', 'llama-3-70b', 'q4_k_m'],
  ['H100-SXM', 'llama-3-70b', 'fp8'],
  ['MI300X', 'llama-3-70b', 'fp16'],
  ['T4', 'llama-2-7b', 'q8_0'],
])('%s holds %s in %s', (gpu, model, format) => {
  expect(fitsInto(inferring(model, format, 1_024), vramOf(gpu))).toBe(true);
});

// Measured runs of the Qwen README (one A100 80 GB), and full trainings that need several cards.
it.each<[string, TrainingMethod, string, boolean]>([
  ['A100-80GB-SXM', 'lora', 'qwen-7b', true],
  ['A100-80GB-SXM', 'qlora', 'qwen-14b', true],
  ['A100-80GB-SXM', 'full', 'qwen-7b', false],
  ['RTX-4090', 'qlora', 'qwen-7b', true],
  ['RTX-4090', 'lora', 'llama-2-13b', false],
  ['RTX-3070', 'qlora', 'qwen-7b', false],
  ['A100-80GB-SXM', 'qlora', 'llama-3-70b', true],
  ['A100-80GB-SXM', 'lora', 'llama-3-70b', false],
])('%s trains by %s %s: %s', (gpu, method, model, fits) => {
  const need = trainingMemory({ model: modelOf(model), method, sequence: 2_048, batch: 1, rank: 64 });
  expect(fitsInto(need, vramOf(gpu))).toBe(fits);
});
