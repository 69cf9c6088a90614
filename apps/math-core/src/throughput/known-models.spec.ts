import { KNOWN_SHAPES, SPELLINGS } from './known-models';
import { activeParameters, kvBytesPerToken, modelShape, weightBytes, weightBytesRead } from './model-shape';

/** Tied embeddings, another MLP, or attention narrower or wider than the rest: counted differently from the Llama family. */
const OTHERWISE =
  /^(gemma|gpt|bert|mistral-(nemo|small)|qwen2\.5-(0\.5|1\.5|3)b|qwen3-(0|1|4|32)|llama-3\.2|phi-2|falcon|mpt|opt|bloom|command|starcoder)/;
const DENSE = KNOWN_SHAPES.filter(({ experts }) => experts === null);
const MIXTURES = KNOWN_SHAPES.filter(({ experts }) => experts !== null);

it('counts the parameters of every Llama-like shape from its widths', () => {
  for (const shape of DENSE.filter(({ name }) => !OTHERWISE.test(name))) {
    const { hidden, kvWidth, intermediate, layers, vocabulary } = shape;
    const perLayer = 2 * hidden * hidden + 2 * hidden * kvWidth + 3 * hidden * intermediate;
    const counted = layers * perLayer + 2 * vocabulary * hidden;
    expect([shape.name, Math.abs(counted / shape.parameters - 1) < 0.03]).toEqual([shape.name, true]);
  }
});

it('has a shape for every other spelling, and no name twice', () => {
  const names = new Set(KNOWN_SHAPES.map(({ name }) => name));
  expect([...SPELLINGS.values()].filter((name) => !names.has(name))).toEqual([]);
  expect(names.size).toBe(KNOWN_SHAPES.length);
});

it.each([
  ['meta-llama/Llama-3.1-8B-Instruct', 'llama-3-8b'],
  ['meta-llama/Meta-Llama-3-70B', 'llama-3-70b'],
  ['llama3.1:8b', 'llama-3-8b'],
  ['Llama 2 7B chat', 'llama-2-7b'],
  ['llama2-13b', 'llama-2-13b'],
  ['TheBloke/Llama-2-70B-Chat-GPTQ', 'llama-2-70b'],
  ['Mistral-7B-Instruct-v0.2', 'mistral-7b'],
  ['mistralai/Mixtral-8x7B-Instruct-v0.1', 'mixtral-8x7b'],
  ['Mistral-Nemo-Instruct-2407', 'mistral-nemo-12b'],
  ['Qwen/Qwen2.5-7B-Instruct', 'qwen2.5-7b'],
  ['qwen-2.5-32b', 'qwen2.5-32b'],
  ['qwen-7b', 'qwen-7b'],
  ['google/gemma-2-9b-it', 'gemma-2-9b'],
  ['deepseek-ai/DeepSeek-R1', 'deepseek-v3'],
  ['DeepSeek-R1-Distill-Llama-70B', 'llama-3-70b'],
  ['openai/gpt-oss-120b', 'gpt-oss-120b'],
])('understands %s', (written, name) => {
  expect(modelShape(written)?.name).toBe(name);
});

describe('a mixture of experts', () => {
  it.each(MIXTURES.map((shape) => [shape.name, shape] as const))(
    'holds all of %s, reads what one token passes, and more for more requests up to all',
    (_name, shape) => {
      const read = [1, 2, 8, 64, 10_000].map((requests) => weightBytesRead(shape, 16, requests));
      expect(read[0]).toBeCloseTo(2 * activeParameters(shape), -3);
      expect(read).toEqual(read.toSorted((a, b) => a - b));
      expect(read.at(-1)).toBeLessThanOrEqual(weightBytes(shape, 16));
      expect(read.at(-1)).toBeGreaterThan(0.99 * weightBytes(shape, 16));
    },
  );

  it('of DeepSeek keeps one compressed vector for each token and layer', () => {
    const shape = modelShape('deepseek-v3');
    expect(shape === null ? 0 : kvBytesPerToken(shape, 2)).toBe(61 * (512 + 64) * 2);
  });
});
