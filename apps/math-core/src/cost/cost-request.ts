import { Problems, requestObject, type RequestObject } from '../request/request-object';
import { MODEL_SIZE, modelShape, type ModelShape } from '../throughput/model-shape';
import { PRECISION_NAMES, precisionOf, type Precision } from '../throughput/precision';

export interface CostPerTokenRequest {
  /** Of one GPU for one hour. */
  readonly pricePerHour: number;
  readonly gpuType: string;
  readonly model: ModelShape;
  readonly precision: Precision;
  readonly engine: string;
  readonly batch: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly gpuCount: number;
}

export interface CostPerGflopRequest {
  readonly pricePerHour: number;
  readonly gpuType: string;
}

const MAX_PRICE = 1_000_000;
const MAX_TOKENS = 10_000_000;
const DEFAULTS = { precision: 'fp16', engine: 'llama.cpp', batch: 1, inputTokens: 128, outputTokens: 512, gpuCount: 1 };

/** @throws ApiError VALIDATION_ERROR naming every bad field */
export function parseCostPerToken(body: unknown): CostPerTokenRequest {
  const request = requestObject(body, [
    ...['price_per_hour', 'gpu_type', 'model_size', 'precision', 'engine', 'batch'],
    ...['context_tokens', 'input_tokens', 'output_tokens', 'gpu_count'],
  ]);
  const problems = new Problems();
  const common = readCommon(request, problems);
  const model = readModel(request['model_size'], problems);
  const precision = precisionOf(readText(request, 'precision', DEFAULTS.precision, problems));
  if (precision === null) problems.add('precision', `must be one of ${PRECISION_NAMES.join(', ')}`);
  const engine = readText(request, 'engine', DEFAULTS.engine, problems);
  const batch = readWhole(request, 'batch', 1, 4_096, problems) ?? DEFAULTS.batch;
  const gpuCount = readWhole(request, 'gpu_count', 1, 1_024, problems) ?? DEFAULTS.gpuCount;
  const tokens = readTokens(request, problems);
  problems.throwIfAny();
  if (model === null || precision === null) throw new Error('a request without problems misses a member');
  return { ...common, model, precision, engine, batch, gpuCount, ...tokens };
}

/** @throws ApiError VALIDATION_ERROR naming every bad field */
export function parseCostPerGflop(body: unknown): CostPerGflopRequest {
  const request = requestObject(body, ['price_per_hour', 'gpu_type']);
  const problems = new Problems();
  const common = readCommon(request, problems);
  problems.throwIfAny();
  return common;
}

function readCommon(request: RequestObject, problems: Problems): CostPerGflopRequest {
  const price = request['price_per_hour'];
  const fine = typeof price === 'number' && price > 0 && price <= MAX_PRICE;
  if (!fine) problems.add('price_per_hour', `must be a number above 0, at most ${MAX_PRICE}`);
  const gpuType = request['gpu_type'];
  if (typeof gpuType !== 'string' || gpuType.trim() === '' || gpuType.length > 100)
    problems.add('gpu_type', 'must be a text of 1 to 100 characters');
  return { pricePerHour: fine ? price : 0, gpuType: typeof gpuType === 'string' ? gpuType : '' };
}

function readModel(size: unknown, problems: Problems): ModelShape | null {
  const model = typeof size === 'string' || typeof size === 'number' ? modelShape(size) : null;
  if (model === null)
    problems.add(
      'model_size',
      `must be a size such as "7b", a number of billions from ${MODEL_SIZE.min} to ${MODEL_SIZE.max}, or the name of a known model`,
    );
  return model;
}

/** The context is prompt and answer together; whichever of the three is missing follows from the others. */
function readTokens(request: RequestObject, problems: Problems): { inputTokens: number; outputTokens: number } {
  const context = readWhole(request, 'context_tokens', 1, MAX_TOKENS, problems);
  const input = readWhole(request, 'input_tokens', 0, MAX_TOKENS, problems);
  const output = readWhole(request, 'output_tokens', 1, MAX_TOKENS, problems);
  if (context === null)
    return { inputTokens: input ?? DEFAULTS.inputTokens, outputTokens: output ?? DEFAULTS.outputTokens };
  const answer = output ?? (input === null ? Math.min(DEFAULTS.outputTokens, context) : context - input);
  const prompt = input ?? context - answer;
  if (answer < 1 || prompt < 0 || prompt + answer > context)
    problems.add('context_tokens', 'must hold input_tokens and output_tokens');
  return { inputTokens: prompt, outputTokens: answer };
}

function readText(request: RequestObject, name: string, fallback: string, problems: Problems): string {
  const value = request[name];
  if (value === undefined || value === null) return fallback;
  if (typeof value === 'string' && value.trim() !== '' && value.length <= 100) return value;
  problems.add(name, 'must be a text of 1 to 100 characters');
  return fallback;
}

function readWhole(request: RequestObject, name: string, min: number, max: number, problems: Problems): number | null {
  const value = request[name];
  if (value === undefined || value === null) return null;
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  problems.add(name, `must be a whole number from ${min} to ${max}`);
  return null;
}
