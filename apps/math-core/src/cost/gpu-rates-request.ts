import { isText, readModel, readPrecision } from '../request/read-members';
import { isObject, Problems, requestObject } from '../request/request-object';
import type { ModelShape } from '../throughput/model-shape';
import type { Precision } from '../throughput/precision';
import { COST_DEFAULTS } from './cost-request';

export interface GpuRatesItem {
  readonly gpuType: string;
  readonly gpuCount: number;
}

export interface GpuRatesRequest {
  readonly model: ModelShape;
  readonly precision: Precision;
  readonly items: readonly GpuRatesItem[];
}

/** Far above the distinct GPUs of any catalogue. */
const MAX_ITEMS = 10_000;
const MAX_GPUS = 1_024;
const DEFAULT_MODEL = '7b';

/** @throws ApiError VALIDATION_ERROR naming every bad field */
export function parseGpuRates(body: unknown): GpuRatesRequest {
  const request = requestObject(body, ['model_size', 'precision', 'items']);
  const problems = new Problems();
  const model = readModel(request['model_size'] ?? DEFAULT_MODEL, problems);
  const precision = readPrecision(request, COST_DEFAULTS.precision, problems);
  const items = readItems(request['items'], problems);
  problems.throwIfAny();
  if (model === null || precision === null) throw new Error('a request without problems misses a member');
  return { model, precision, items };
}

function readItems(value: unknown, problems: Problems): GpuRatesItem[] {
  if (!Array.isArray(value) || value.length > MAX_ITEMS) {
    problems.add('items', `must be a list of at most ${MAX_ITEMS} GPUs`);
    return [];
  }
  return value.flatMap((item: unknown, index) => {
    const gpu = readItem(item);
    if (gpu === null)
      problems.add(`items.${index}`, `must be {gpu_type, gpu_count?}, the count a whole number from 1 to ${MAX_GPUS}`);
    return gpu ?? [];
  });
}

function readItem(item: unknown): GpuRatesItem | null {
  if (!isObject(item)) return null;
  const { gpu_type: gpuType, gpu_count: count, ...others } = item;
  const gpuCount = count ?? 1;
  const isCount = typeof gpuCount === 'number' && Number.isInteger(gpuCount) && gpuCount >= 1 && gpuCount <= MAX_GPUS;
  return isText(gpuType) && isCount && Object.keys(others).length === 0 ? { gpuType, gpuCount } : null;
}
