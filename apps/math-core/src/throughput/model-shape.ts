/** What of a language model decides its speed and its memory. */
export interface ModelShape {
  readonly name: string;
  readonly parameters: number;
  readonly layers: number;
  readonly hidden: number;
  readonly intermediate: number;
  /** Heads that keys and values are kept for, times the width of a head: less than hidden with grouped queries. */
  readonly kvWidth: number;
  readonly vocabulary: number;
}

type Row = readonly [string, number, number, number, number, number, number];

/** From the models' published configurations; parameters counted from them. */
const KNOWN: readonly ModelShape[] = (
  [
    ['llama-2-7b', 6_738_415_616, 32, 4096, 11008, 4096, 32000],
    ['llama-2-13b', 13_015_864_320, 40, 5120, 13824, 5120, 32000],
    ['llama-2-70b', 68_976_648_192, 80, 8192, 28672, 1024, 32000],
    ['llama-3-8b', 8_030_261_248, 32, 4096, 14336, 1024, 128256],
    ['llama-3-70b', 70_553_706_496, 80, 8192, 28672, 1024, 128256],
    ['llama-3.1-405b', 405_853_388_800, 126, 16384, 53248, 1024, 128256],
    ['mistral-7b', 7_241_732_096, 32, 4096, 14336, 1024, 32000],
    ['qwen-7b', 7_721_324_544, 32, 4096, 11008, 4096, 151936],
    ['qwen2.5-7b', 7_615_616_512, 28, 3584, 18944, 512, 152064],
    ['qwen2.5-72b', 72_706_203_648, 80, 8192, 29568, 1024, 152064],
  ] satisfies Row[]
).map(([name, parameters, layers, hidden, intermediate, kvWidth, vocabulary]) => ({
  name,
  parameters,
  layers,
  hidden,
  intermediate,
  kvWidth,
  vocabulary,
}));

const BY_NAME = new Map(KNOWN.map((shape) => [shape.name, shape]));
const SPELLINGS: ReadonlyMap<string, string> = new Map([
  ['llama-3.1-8b', 'llama-3-8b'],
  ['llama-3.1-70b', 'llama-3-70b'],
  ['llama-3.3-70b', 'llama-3-70b'],
  ['llama-7b', 'llama-2-7b'],
  ['llama-13b', 'llama-2-13b'],
  // A size in words means the model that is usually meant by it.
  ['7b', 'llama-2-7b'],
  ['8b', 'llama-3-8b'],
  ['13b', 'llama-2-13b'],
  ['70b', 'llama-3-70b'],
  ['405b', 'llama-3.1-405b'],
]);

export const KNOWN_MODELS: readonly string[] = KNOWN.map(({ name }) => name);

/** Billions of parameters that a model may have. */
export const MODEL_SIZE = { min: 0.05, max: 2_000 } as const;

/** "7b", a number of billions, or a known model's name; null for what is none of them. */
export function modelShape(size: string | number): ModelShape | null {
  if (typeof size === 'number') return isSize(size) ? shapeOfSize(size) : null;
  const name = size
    .trim()
    .toLowerCase()
    .replace(/^meta-/, '')
    .replace(/[\s_]+/g, '-')
    .replace(/-(instruct|chat|hf)$/, '');
  const known = BY_NAME.get(SPELLINGS.get(name) ?? name);
  if (known !== undefined) return known;
  const [, number, unit] = /^(\d{1,4}(?:\.\d{1,4})?)-?(b|m)?$/.exec(name) ?? [];
  if (number === undefined) return null;
  const billions = Number(number) / (unit === 'm' ? 1_000 : 1);
  return isSize(billions) ? shapeOfSize(billions) : null;
}

const isSize = (billions: number): boolean => billions >= MODEL_SIZE.min && billions <= MODEL_SIZE.max;

/** Layers and width of dense models grow as powers of their size; fitted through 1.1B, 8B, 70B and 405B of the Llama family. */
function shapeOfSize(billions: number): ModelShape {
  const layers = Math.max(8, Math.round(32 * (billions / 8) ** 0.38));
  const hidden = Math.max(512, Math.round((4096 * (billions / 8) ** 0.34) / 128) * 128);
  return {
    name: `${billions}b`,
    parameters: billions * 1e9,
    layers,
    hidden,
    intermediate: Math.round(hidden * 3.5),
    kvWidth: Math.min(hidden, 1024),
    vocabulary: 128_256,
  };
}

export const weightBytes = ({ parameters }: ModelShape, bits: number): number => (parameters * bits) / 8;

/** Keys and values of one token over all layers. */
export const kvBytesPerToken = ({ layers, kvWidth }: ModelShape, bytes: number): number => 2 * layers * kvWidth * bytes;
