import { isText, readModel, readPrecision, readText, readWhole } from '../request/read-members';
import { Problems, requestObject, type RequestObject } from '../request/request-object';
import type { ModelShape } from '../throughput/model-shape';
import type { Precision } from '../throughput/precision';

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
/** What a cost per token assumes when it is not told. */
export const COST_DEFAULTS = {
  precision: 'fp16',
  engine: 'llama.cpp',
  batch: 1,
  inputTokens: 128,
  outputTokens: 512,
  gpuCount: 1,
};

/** @throws ApiError VALIDATION_ERROR naming every bad field */
export function parseCostPerToken(body: unknown): CostPerTokenRequest {
  const request = requestObject(body, [
    ...['price_per_hour', 'gpu_type', 'model_size', 'precision', 'engine', 'batch'],
    ...['context_tokens', 'input_tokens', 'output_tokens', 'gpu_count'],
  ]);
  const problems = new Problems();
  const common = readCommon(request, problems);
  const model = readModel(request['model_size'], problems);
  const precision = readPrecision(request, COST_DEFAULTS.precision, problems);
  const engine = readText(request, 'engine', COST_DEFAULTS.engine, problems);
  const batch = readWhole(request, 'batch', 1, 4_096, problems) ?? COST_DEFAULTS.batch;
  const gpuCount = readWhole(request, 'gpu_count', 1, 1_024, problems) ?? COST_DEFAULTS.gpuCount;
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
  if (!isText(gpuType)) problems.add('gpu_type', 'must be a text of 1 to 100 characters');
  return { pricePerHour: fine ? price : 0, gpuType: isText(gpuType) ? gpuType : '' };
}

/** The context is prompt and answer together; whichever of the three is missing follows from the others. */
function readTokens(request: RequestObject, problems: Problems): { inputTokens: number; outputTokens: number } {
  const context = readWhole(request, 'context_tokens', 1, MAX_TOKENS, problems);
  const input = readWhole(request, 'input_tokens', 0, MAX_TOKENS, problems);
  const output = readWhole(request, 'output_tokens', 1, MAX_TOKENS, problems);
  if (context === null)
    return { inputTokens: input ?? COST_DEFAULTS.inputTokens, outputTokens: output ?? COST_DEFAULTS.outputTokens };
  const answer = output ?? (input === null ? Math.min(COST_DEFAULTS.outputTokens, context) : context - input);
  const prompt = input ?? context - answer;
  if (answer < 1 || prompt < 0 || prompt + answer > context)
    problems.add('context_tokens', 'must hold input_tokens and output_tokens');
  return { inputTokens: prompt, outputTokens: answer };
}
