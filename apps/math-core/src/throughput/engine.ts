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

/** An engine nobody measured here runs at llama.cpp's speed, with less confidence; never an error (SPEC S12). */
export function engineOf(text: string): Engine {
  const name = text.trim().toLowerCase();
  const factor = name === 'llama.cpp' ? 1 : new Map(Object.entries(FITTED.engineFactors)).get(name);
  return { name, factor: factor ?? 1, measured: factor !== undefined, tensorParallel: name !== 'llama.cpp' };
}
