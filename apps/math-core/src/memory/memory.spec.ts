import fc from 'fast-check';
import { modelShape, type ModelShape } from '../throughput/model-shape';
import { precisionOf } from '../throughput/precision';
import { fitsInto, inferenceMemory } from './inference-memory';
import { stateBytes, trainingMemory, type TrainingMethod } from './training-memory';

const shape = (size: string | number): ModelShape => {
  const model = modelShape(size);
  if (model === null) throw new Error(`no model ${size}`);
  return model;
};
const infer = (size: string | number, format: string, contextTokens: number, batch = 1) => {
  const precision = precisionOf(format);
  if (precision === null) throw new Error(`no precision ${format}`);
  return inferenceMemory({ model: shape(size), precision, contextTokens, batch });
};
const train = (method: TrainingMethod, sequence: number) =>
  trainingMemory({ model: shape('qwen-7b'), method, sequence, batch: 1, rank: 64 }).total / 1e9;

describe('published cases of inference', () => {
  it('Llama-2-7B in FP16 weighs 13.48 GB', () => {
    expect(infer('llama-2-7b', 'fp16', 1).weights / 1e9).toBeCloseTo(13.48, 2);
  });

  it('Llama-3.1-70B weighs 139 to 143 GB and keeps 4.88 GiB for 16,000 tokens: queries are grouped', () => {
    const { weights, kv } = infer('llama-3.1-70b', 'fp16', 16_000);
    expect(weights / 1e9).toBeGreaterThan(139);
    expect(weights / 1e9).toBeLessThan(143);
    expect(kv / 2 ** 30).toBeCloseTo(4.88, 2);
  });

  it('Llama-2-7B in GPTQ with 2,048 tokens takes 4.8 to 6.2 GB (5.19 measured without the CUDA context)', () => {
    const { total } = infer('llama-2-7b', 'gptq-4bit', 2_048);
    expect(total / 1e9).toBeGreaterThan(4.8);
    expect(total / 1e9).toBeLessThan(6.2);
  });

  // Qwen's and exllama's own tables; the latter without the CUDA context.
  it.each([
    ['qwen-7b', 'int8', 11.2],
    ['qwen-7b', 'int4', 8.21],
    ['llama-33b', 'gptq-4bit', 20.795],
    ['llama-2-70b', 'gptq-4bit', 40.68],
  ])('%s in %s with 2,048 tokens is within 10 %% of the measured %d GB', (model, format, measured) => {
    expect(Math.abs(infer(model, format, 2_048).total / 1e9 / measured - 1)).toBeLessThan(0.1);
  });

  it('Qwen-7B in BF16 with 2,048 tokens takes 16.2 to 19 GB (16.99 measured)', () => {
    const { total } = infer('qwen-7b', 'bf16', 2_048);
    expect(total / 1e9).toBeGreaterThan(16.2);
    expect(total / 1e9).toBeLessThan(19);
  });
});

describe('published cases of training', () => {
  it.each([
    [256, 20.1],
    [1_024, 21.5],
    [2_048, 23.8],
    [4_096, 29.7],
    [8_192, 36.6],
  ])('LoRA on Qwen-7B at %d tokens is within 10 %% of the measured %d GB', (sequence, measured) => {
    expect(Math.abs(train('lora', sequence) / measured - 1)).toBeLessThan(0.1);
  });

  it.each([
    [256, 11.5],
    [1_024, 12.3],
    [2_048, 13.9],
    [4_096, 16.9],
    [8_192, 23.5],
  ])('QLoRA on Qwen-7B at %d tokens is within 15 %% of the measured %d GB', (sequence, measured) => {
    expect(Math.abs(train('qlora', sequence) / measured - 1)).toBeLessThan(0.15);
  });

  it('1.5 billion parameters keep 24 GB of states in a full training', () => {
    expect(stateBytes({ model: shape(1.5), method: 'full', rank: 0 }) / 1e9).toBeCloseTo(24, 6);
  });
});

it.each([
  ['7b', 'fp16', 2_048, 16, true],
  ['7b', 'fp16', 2_048, 12, false],
  ['8b', 'fp16', 4_096, 24, true],
  ['13b', 'fp16', 2_048, 24, false],
  ['70b', 'q4_k_m', 4_096, 48, true],
  ['70b', 'q4_k_m', 4_096, 40, false],
  ['70b', 'fp16', 4_096, 96, false],
  ['70b', 'fp8', 4_096, 80, true],
])('%s in %s with %d tokens into %d GB: %s', (size, format, context, vram, fits) => {
  expect(fitsInto(infer(size, format, context), vram)).toBe(fits);
});

it('grows with parameters, context, batch and bits, and never is less than the weights', () => {
  const size = fc.double({ min: 0.1, max: 190, noNaN: true });
  const factor = fc.integer({ min: 2, max: 10 });
  fc.assert(
    fc.property(
      size,
      fc.integer({ min: 1, max: 100_000 }),
      fc.integer({ min: 1, max: 64 }),
      factor,
      (n, tokens, batch, more) => {
        const { total, weights } = infer(n, 'int8', tokens, batch);
        expect(total).toBeGreaterThan(weights);
        expect(infer(n * more, 'int8', tokens, batch).total).toBeGreaterThan(total);
        expect(infer(n, 'int8', tokens * more, batch).total).toBeGreaterThan(total);
        expect(infer(n, 'int8', tokens, batch * more).total).toBeGreaterThan(total);
        expect(infer(n, 'fp16', tokens, batch).total).toBeGreaterThan(total);
        expect(infer(n, 'int4', tokens, batch).total).toBeLessThan(total);
      },
    ),
  );
});

it('grows with the share that is trained', () => {
  fc.assert(
    fc.property(fc.integer({ min: 64, max: 16_384 }), (sequence) => {
      expect(train('qlora', sequence)).toBeLessThan(train('lora', sequence));
      expect(train('lora', sequence)).toBeLessThan(train('full', sequence));
    }),
  );
});
