import { KNOWN_SHAPES, SPELLINGS } from './known-models';

/** Tied embeddings, another MLP, or attention narrower than the rest: counted differently from the Llama family. */
const OTHERWISE = /^(gemma|gpt2|bert|mistral-(nemo|small)|qwen2\.5-(0\.5|1\.5|3)b|llama-3\.2)/;

it('counts the parameters of every Llama-like shape from its widths', () => {
  for (const shape of KNOWN_SHAPES.filter(({ name }) => !OTHERWISE.test(name))) {
    const { hidden, kvWidth, intermediate, layers, vocabulary } = shape;
    const perLayer = 2 * hidden * hidden + 2 * hidden * kvWidth + 3 * hidden * intermediate;
    const counted = layers * perLayer + 2 * vocabulary * hidden;
    expect([shape.name, Math.abs(counted / shape.parameters - 1) < 0.03]).toEqual([shape.name, true]);
  }
});

it('has a shape for every other spelling', () => {
  const names = new Set(KNOWN_SHAPES.map(({ name }) => name));
  expect([...SPELLINGS.values()].filter((name) => !names.has(name))).toEqual([]);
});
