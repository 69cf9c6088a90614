import fc from 'fast-check';
import { GPU_FACTS } from '../benchmarks/gpu-facts';
import { engineOf } from '../throughput/engine';
import type { Card } from '../throughput/estimate';
import { sampleOf } from '../throughput/fit/fit';
import { MEASUREMENTS } from '../throughput/fit/measurements';
import { FITTED } from '../throughput/fitted';
import { KNOWN_MODELS, modelShape } from '../throughput/model-shape';
import { precisionOf } from '../throughput/precision';
import { costPerGflopAnswer, costPerTokenAnswer } from './cost-answer';
import { parseCostPerToken } from './cost-request';
import { estimateSpeed } from './speed-estimate';

const CARDS: Card[] = GPU_FACTS.flatMap((facts) =>
  facts.memoryBandwidth === null ? [] : [{ ...facts, memoryBandwidth: facts.memoryBandwidth }],
);
const card = fc.constantFrom(...CARDS);
const price = fc.double({ min: 0.01, max: 100, noNaN: true });
const billions = fc.double({ min: 0.1, max: 190, noNaN: true });
const bits = fc.constantFrom('fp16', 'int8', 'q6_k', 'q4_k_m', 'q4_0', 'awq-4bit');

const ask = (chosen: Card, more: Record<string, unknown>) => {
  const request = { price_per_hour: 2, gpu_type: chosen.gpuModel, model_size: '7b', ...more };
  return costPerTokenAnswer(parseCostPerToken(request), chosen);
};
const speedOf = (chosen: Card, more: Record<string, unknown>) => ask(chosen, more)?.tokens_per_second ?? NaN;

it('costs price over tokens: cost x speed x 3600 is the price', () => {
  fc.assert(
    fc.property(card, price, billions, (chosen, price_per_hour, model_size) => {
      const answer = ask(chosen, { price_per_hour, model_size });
      const back = (answer?.cost_per_token ?? NaN) * (answer?.tokens_per_second ?? NaN) * 3600;
      // The speed is shown with four decimals: half of the last one is what a slow card can lose.
      expect(Math.abs(back / price_per_hour - 1)).toBeLessThan(1e-5 + 1e-4 / (answer?.tokens_per_second ?? 1));
    }),
  );
});

it('costs more for a higher price, and a larger model is slower', () => {
  fc.assert(
    fc.property(card, billions, fc.double({ min: 1.05, max: 10, noNaN: true }), (chosen, size, factor) => {
      expect(ask(chosen, { price_per_hour: 2 * factor })?.cost_per_token).toBeGreaterThan(
        ask(chosen, {})?.cost_per_token ?? NaN,
      );
      expect(speedOf(chosen, { model_size: size * factor })).toBeLessThan(speedOf(chosen, { model_size: size }));
    }),
  );
});

it('is slower with more bits', () => {
  fc.assert(
    fc.property(card, bits, bits, (chosen, one, other) => {
      const [a, b] = [precisionOf(one)?.bits ?? 0, precisionOf(other)?.bits ?? 0];
      fc.pre(a < b);
      expect(speedOf(chosen, { precision: one })).toBeGreaterThan(speedOf(chosen, { precision: other }));
    }),
  );
});

it('keeps the expected value inside its range, and the confidence from 0 to 1', () => {
  fc.assert(
    fc.property(card, fc.constantFrom('llama.cpp', 'mlc', 'vllm', 'who knows'), billions, (chosen, engine, size) => {
      const answer = ask(chosen, { engine, model_size: size });
      const range = answer?.calculation_details.tokens_per_second_range;
      expect(range?.low).toBeLessThanOrEqual(answer?.tokens_per_second ?? NaN);
      expect(range?.high).toBeGreaterThanOrEqual(answer?.tokens_per_second ?? NaN);
      expect(answer?.confidence).toBeGreaterThanOrEqual(0);
      expect(answer?.confidence).toBeLessThanOrEqual(1);
    }),
  );
});

it('is surest of a card that was measured, and least sure of an engine nobody measured', () => {
  const byName = (name: string) => CARDS.find(({ gpuModel }) => gpuModel === name) ?? CARDS[0]!;
  const measured = ask(byName('RTX-4090'), {})?.confidence ?? 0;
  const unmeasured = ask(byName('RTX-5090'), {})?.confidence ?? 0;
  const unknown = ask(byName('RTX-4090'), { engine: 'who knows' });
  expect(measured).toBeGreaterThan(unmeasured);
  expect(unmeasured).toBeGreaterThan(unknown?.confidence ?? 1);
  expect(unknown?.calculation_details.basis).toBe('unknown_engine');
  expect(unknown?.calculation_details.warnings).toHaveLength(1);
});

it('is less sure of a mixture of experts, and says why', () => {
  const a100 = CARDS.find(({ gpuModel }) => gpuModel === 'A100-80GB-SXM') ?? CARDS[0]!;
  const mixture = ask(a100, { model_size: 'mixtral-8x7b', precision: 'int8', engine: 'gpt-fast' });
  expect(mixture?.calculation_details.basis).toBe('mixture');
  expect(mixture?.calculation_details.warnings).toHaveLength(1);
  // Its 13 billion active parameters in 8 bits are read in 6.3 ms.
  expect(mixture?.tokens_per_second).toBeGreaterThan(70);
  expect(mixture?.tokens_per_second).toBeLessThan(150);
  const dense = ask(a100, { model_size: 'llama-2-13b', precision: 'int8', engine: 'gpt-fast' });
  expect(mixture?.confidence).toBeLessThan(dense?.confidence ?? 0);
});

it('holds 90 % of the measured speeds inside the stated range', () => {
  const inside = MEASUREMENTS.map((measurement) => {
    const { card: chosen, workload } = sampleOf(measurement);
    const batch = measurement.batch === 'max' ? FITTED.serving.largestBatch : measurement.batch;
    const speed = estimateSpeed({
      card: chosen,
      workload,
      engine: measurement.engine,
      batch,
      gpuCount: 1,
      fits: true,
    });
    return speed !== null && speed.low <= measurement.tokensPerSecond && measurement.tokensPerSecond <= speed.high;
  });
  expect(inside.filter(Boolean).length / inside.length).toBeGreaterThanOrEqual(0.9);
});

it('never batches more requests than the memory holds', () => {
  const a100 = CARDS.find(({ gpuModel }) => gpuModel === 'A100-80GB-SXM')!;
  const long = ask(a100, { batch: 32, input_tokens: 2048, output_tokens: 2048 });
  expect(long?.tokens_per_second).toBeGreaterThan(733 * 0.8);
  expect(long?.tokens_per_second).toBeLessThan(733 * 1.2);
  expect(long?.calculation_details.fits).toBe(false);
});

it('gains by splitting layers over GPUs, and nothing by holding layers in turn', () => {
  const a100 = CARDS.find(({ gpuModel }) => gpuModel === 'A100-80GB-SXM')!;
  const gain = (engine: string) => speedOf(a100, { engine, gpu_count: 2 }) / speedOf(a100, { engine });
  expect(gain('gpt-fast')).toBeGreaterThan(1.4);
  expect(gain('llama.cpp')).toBeCloseTo(1, 4);
});

it('says that a model does not fit, and trusts the figure less', () => {
  const t4 = CARDS.find(({ gpuModel }) => gpuModel === 'T4')!;
  const answer = ask(t4, { model_size: '70b' });
  expect(answer?.calculation_details).toMatchObject({ fits: false, basis: 'does_not_fit', serving: null });
  expect(answer?.confidence).toBeLessThan(0.2);
});

it('takes FP16 for the rate of a card, FP32 with less confidence, and nothing for neither', () => {
  expect(costPerGflopAnswer(2, { tflopsFp16: 1_000, tflopsFp32: 50 })).toEqual({
    cost_per_gflop: 2e-6,
    cost_per_tflop_hour: 0.002,
    gpu_tflops: 1_000,
    confidence: 0.9,
  });
  expect(costPerGflopAnswer(2, { tflopsFp16: null, tflopsFp32: 50 })).toMatchObject({
    gpu_tflops: 50,
    confidence: 0.6,
  });
  expect(costPerGflopAnswer(2, { tflopsFp16: null, tflopsFp32: null })).toBeNull();
});

describe('names', () => {
  it.each([
    ['7b', 'llama-2-7b'],
    ['7B', 'llama-2-7b'],
    ['Llama-3.1-70B-Instruct', 'llama-3-70b'],
    ['meta-llama-3-8b', 'llama-3-8b'],
    ['1.5b', '1.5b'],
    ['350m', '0.35b'],
    [34, '34b'],
  ])('%s is %s', (size, name) => {
    expect(modelShape(size)?.name).toBe(name);
  });

  it.each(['', 'b', 'gpt-99', '-7b', '1e3b', 0, -1, NaN, Infinity, 9_999])('%s is no model', (size) => {
    expect(modelShape(size)).toBeNull();
  });

  it('of known models resolve to themselves', () => {
    expect(KNOWN_MODELS.map((name) => modelShape(name)?.name)).toEqual([...KNOWN_MODELS]);
  });

  it.each([
    ['FP16', 16],
    ['f16', 16],
    ['q4_0', 4.5],
    ['q4_k_m', 4.85],
    ['gptq-4bit', 4.25],
    ['awq', 4.25],
    ['GPTQ-4bit-g128', 4.25],
    ['GPTQ 4-bit, group 128', 4.25],
    ['INT4-g32', 5],
    ['exl2-3.0bpw', 3],
  ])('precision %s has %d bits', (name, expected) => {
    expect(precisionOf(name)?.bits).toBe(expected);
  });

  it.each(['', 'fp99', 'exl2-0.1bpw'])('"%s" is no precision', (name) => {
    expect(precisionOf(name)).toBeNull();
  });

  it('of an engine that nobody measured mean llama.cpp speed', () => {
    expect(engineOf('Who Knows')).toMatchObject({ factor: 1, measured: false });
    expect(engineOf('constructor')).toMatchObject({ factor: 1, measured: false });
    expect(engineOf('MLC').factor).toBeGreaterThan(1.2);
    expect(engineOf('lmdeploy turbomind 0.2.0')).toEqual(engineOf('lmdeploy'));
    expect(engineOf('gpt-fast (torch.compile)')).toEqual(engineOf('gpt-fast'));
    expect(engineOf('ExLlamaV2').name).toBe('exllamav2');
  });
});
