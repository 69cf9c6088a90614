import { KNOWN_SHAPES, SPELLINGS } from './known-models';

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

const BY_NAME = new Map(KNOWN_SHAPES.map((shape) => [shape.name, shape]));

export const KNOWN_MODELS: readonly string[] = KNOWN_SHAPES.map(({ name }) => name);

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
