import { MODEL_SIZE, modelShape, type ModelShape } from '../throughput/model-shape';
import { PRECISION_NAMES, precisionOf, type Precision } from '../throughput/precision';
import type { Problems, RequestObject } from './request-object';

const TEXT_LENGTH = 100;

/** Absent and null mean the fallback; what is wrong is noted, and the fallback stands in so that reading can go on. */
export function readText<Fallback extends string | null>(
  request: RequestObject,
  name: string,
  fallback: Fallback,
  problems: Problems,
): string | Fallback {
  const value = request[name];
  if (value === undefined || value === null) return fallback;
  if (isText(value)) return value;
  problems.add(name, `must be a text of 1 to ${TEXT_LENGTH} characters`);
  return fallback;
}

export const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.trim() !== '' && value.length <= TEXT_LENGTH;

/** Absent, null and what is noted as wrong give null. */
export function readWhole(
  request: RequestObject,
  name: string,
  min: number,
  max: number,
  problems: Problems,
): number | null {
  if (!isGiven(request, name)) return null;
  const value = request[name];
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  problems.add(name, `must be a whole number from ${min} to ${max}`);
  return null;
}

/** "7b", a number of billions, or a known model's name. */
export function readModel(size: unknown, problems: Problems): ModelShape | null {
  const model = typeof size === 'string' || typeof size === 'number' ? modelShape(size) : null;
  if (model === null)
    problems.add(
      'model_size',
      `must be a size such as "7b", a number of billions from ${MODEL_SIZE.min} to ${MODEL_SIZE.max}, or the name of a known model`,
    );
  return model;
}

export function readPrecision(request: RequestObject, fallback: string, problems: Problems): Precision | null {
  const precision = precisionOf(readText(request, 'precision', fallback, problems));
  if (precision === null) problems.add('precision', `must be one of ${PRECISION_NAMES.join(', ')}`);
  return precision;
}

export const isGiven = (request: RequestObject, name: string): boolean =>
  request[name] !== undefined && request[name] !== null;

/** One of these words; absent, null and what is noted as wrong give null. */
export function readOne<Word extends string>(
  request: RequestObject,
  name: string,
  words: readonly Word[],
  problems: Problems,
): Word | null {
  if (!isGiven(request, name)) return null;
  const word = words.find((one) => one === request[name]);
  if (word === undefined) problems.add(name, `must be one of ${words.join(', ')}`);
  return word ?? null;
}

/** A number above `above`, at most `most`; absent, null and what is noted as wrong give null. */
export function readNumber(
  request: RequestObject,
  name: string,
  above: number,
  most: number,
  problems: Problems,
): number | null {
  if (!isGiven(request, name)) return null;
  const value = request[name];
  if (typeof value === 'number' && value > above && value <= most) return value;
  problems.add(name, `must be a number above ${Number(above.toPrecision(3))}, at most ${most}`);
  return null;
}
