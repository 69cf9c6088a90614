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
  /** null: every weight takes part in every token. */
  readonly experts: Experts | null;
}

/** Of a mixture: which part of it works for one token. */
export interface Experts {
  /** Parameters that one token passes. */
  readonly active: number;
  /** Of the experts of a layer, those that one token is sent to. */
  readonly share: number;
}

const BY_NAME = new Map(KNOWN_SHAPES.map((shape) => [shape.name, shape]));

export const KNOWN_MODELS: readonly string[] = KNOWN_SHAPES.map(({ name }) => name);

/** Billions of parameters that a model may have. */
export const MODEL_SIZE = { min: 0.05, max: 2_000 } as const;

/** "7b", a number of billions, or a known model's name; null for what is none of them. */
export function modelShape(size: string | number): ModelShape | null {
  if (typeof size === 'number') return isSize(size) ? shapeOfSize(size) : null;
  const name = plainName(size);
  const known = knownShape(name) ?? knownShape(withoutTuning(name));
  if (known !== undefined) return known;
  const [, number, unit] = /^(\d{1,4}(?:\.\d{1,4})?)-?(b|m)?$/.exec(name) ?? [];
  if (number === undefined) return null;
  const billions = Number(number) / (unit === 'm' ? 1_000 : 1);
  return isSize(billions) ? shapeOfSize(billions) : null;
}

/** Who published it leaves the shape as it is; so do how it was tuned and packed, and which edition it is. */
const plainName = (written: string): string =>
  written
    .trim()
    .toLowerCase()
    .replace(/^[\w.-]+\//, '')
    .replace(/[\s_:]+/g, '-')
    .replace(/^meta-(?=llama)/, '')
    .replace(/^(llama|mistral|gemma|phi)(?=\d)/, '$1-')
    .replace(/^(qwen)-(?=(?:2|2\.5|3)-\d)/, '$1');

const withoutTuning = (name: string): string =>
  name.replace(/(-(instruct|chat|hf|it|base|pt|gguf|gptq|awq|v\d+(\.\d+)*|\d{4}))+$/, '');

const knownShape = (name: string): ModelShape | undefined => BY_NAME.get(SPELLINGS.get(name) ?? name);

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
    experts: null,
  };
}

/** Parameters that one token passes. */
export const activeParameters = ({ parameters, experts }: ModelShape): number => experts?.active ?? parameters;

/** Bytes of weights that a step of so many requests reads: of a mixture those of every expert that one of them is sent to. */
export function weightBytesRead(model: ModelShape, bits: number, requests: number): number {
  const { experts, parameters } = model;
  if (experts === null) return weightBytes(model, bits);
  const inExperts = (parameters - experts.active) / (1 - experts.share);
  const untouched = inExperts * (1 - experts.share) ** requests;
  return ((parameters - untouched) * bits) / 8;
}

export const weightBytes = ({ parameters }: ModelShape, bits: number): number => (parameters * bits) / 8;

/** Keys and values of one token over all layers. */
export const kvBytesPerToken = ({ layers, kvWidth }: ModelShape, bytes: number): number => 2 * layers * kvWidth * bytes;
