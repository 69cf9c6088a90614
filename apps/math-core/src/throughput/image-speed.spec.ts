import { gpuFacts } from '../benchmarks/gpu-facts';
import { quantile } from './fit/fit';
import { IMAGE_SPREAD, sdxlStepsPerSecond } from './image-speed';
import { mediaModel } from './media-model';

/** SDXL 1024 px, batch 1: stable-fast README (PyTorch 2.1, stable-fast) and onediff README (PyTorch 2.3, nexfort). */
const MEASURED: readonly (readonly [string, number])[] = [
  ['RTX-4080', 4.6],
  ['RTX-4080', 9.1],
  ['H100-SXM', 14.9],
  ['H100-SXM', 21.6],
  ['A100-80GB-SXM', 8.7],
  ['A100-80GB-SXM', 11.9],
  ['A100-80GB-SXM', 9.92],
  ['A100-80GB-SXM', 13.62],
  ['RTX-3090', 3.97],
  ['RTX-3090', 6.91],
  ['RTX-4090', 8.44],
  ['RTX-4090', 14.77],
];

const speedOf = (gpu: string): number => {
  const facts = gpuFacts(gpu);
  if (facts === null || facts.memoryBandwidth === null) throw new Error(gpu);
  return sdxlStepsPerSecond({ ...facts, memoryBandwidth: facts.memoryBandwidth }) ?? NaN;
};

it('misses measured steps a second by 30 % at the median, engines apart', () => {
  const errors = MEASURED.map(([gpu, measured]) => Math.abs(speedOf(gpu) / measured - 1));
  expect(quantile(errors, 0.5)).toBeLessThan(0.3);
});

it('holds 90 % of the measured speeds inside its range', () => {
  const inside = MEASURED.filter(([gpu, measured]) => Math.abs(Math.log(speedOf(gpu) / measured)) <= IMAGE_SPREAD);
  expect(inside.length / MEASURED.length).toBeGreaterThanOrEqual(0.9);
});

it('knows nothing of a card without a compute rate', () => {
  expect(sdxlStepsPerSecond({ tflopsFp16: null, memoryBandwidth: 1_000 })).toBeNull();
});

it.each([
  ['SDXL', 'sdxl'],
  ['stable diffusion xl', 'sdxl'],
  ['stable diffusion', 'sd1.5'],
  ['SD1.5', 'sd1.5'],
  ['flux.1-dev', 'flux'],
  ['ResNet', 'resnet-50'],
  ['whisper', 'whisper-large'],
  ['llama', undefined],
])('%s is %s', (name, model) => {
  expect(mediaModel(name)?.name).toBe(model);
});
