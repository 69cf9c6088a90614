import { FITTED } from './fitted';

export const ENGINES = ['llama.cpp', 'exllamav2', 'mlc', 'gpt-fast', 'lmdeploy', 'vllm', 'tensorrt-llm'] as const;
export type EngineName = (typeof ENGINES)[number];

export interface Engine {
  readonly name: string;
  /** Single-stream speed over that of llama.cpp. */
  readonly factor: number;
  /** Whether single-stream rows of it are among the measurements. */
  readonly measured: boolean;
  /** Splits each layer over several GPUs; otherwise they hold layers in turn and one request gains nothing. */
  readonly tensorParallel: boolean;
}

/** How people write the engines, versions and add-ons left aside. */
const SPELLINGS: readonly (readonly [RegExp, EngineName])[] = [
  [/^(llama[.\s_-]?cpp|ollama|gguf)/, 'llama.cpp'],
  [/^exllama\s?v2/, 'exllamav2'],
  [/^mlc/, 'mlc'],
  [/^gpt-?fast/, 'gpt-fast'],
  [/^(lmdeploy|turbomind)/, 'lmdeploy'],
  [/^vllm/, 'vllm'],
  [/^(tensorrt|trt)/, 'tensorrt-llm'],
];

/** An engine nobody measured here runs at llama.cpp's speed, with less confidence; never an error (SPEC S12). */
export function engineOf(text: string): Engine {
  const written = text.trim().toLowerCase();
  const name = SPELLINGS.find(([pattern]) => pattern.test(written))?.[1] ?? written;
  const factor = name === 'llama.cpp' ? 1 : new Map(Object.entries(FITTED.engineFactors)).get(name);
  return { name, factor: factor ?? 1, measured: factor !== undefined, tensorParallel: name !== 'llama.cpp' };
}
