import {
  BUDGET_PERIODS,
  QUALITIES,
  QUANTITY_PERIODS,
  QUANTITY_UNITS,
  TRAINING_METHOD_NAMES,
  WORKLOAD_TYPES,
  type BudgetPeriod,
  type Quality,
  type QuantityPeriod,
  type QuantityUnit,
  type TrainingMethodName,
  type WorkloadType,
} from '@gpubroker/contracts/math';
import { MACRO_REGIONS, type MacroRegion } from '@gpubroker/contracts/offers';
import { isGiven, readNumber, readOne, readPrecision, readText, readWhole } from '../request/read-members';
import { isObject, Problems, requestObject, type RequestObject } from '../request/request-object';
import { MODEL_SIZE } from '../throughput/model-shape';
import type { Precision } from '../throughput/precision';

export interface Quantity {
  readonly value: number;
  readonly unit: QuantityUnit;
  readonly per: QuantityPeriod | null;
}

export interface Budget {
  readonly amount: number;
  /** null: not said. */
  readonly currency: string | null;
  readonly per: BudgetPeriod;
}

/** A job as it was asked for; null is what was not said. */
export interface WorkloadRequest {
  readonly type: WorkloadType;
  readonly quantity: Quantity | null;
  readonly durationHours: number | null;
  readonly quality: Quality | null;
  readonly modelName: string | null;
  readonly modelSizeB: number | null;
  readonly precision: Precision | null;
  readonly contextTokens: number | null;
  readonly batch: number | null;
  readonly method: TrainingMethodName | null;
  readonly epochs: number | null;
  readonly datasetSamples: number | null;
  readonly region: MacroRegion | null;
  readonly budget: Budget | null;
  readonly gpu: string | null;
  readonly gpuCount: number | null;
  /** Of whoever read the sentence; 1 when nobody did. */
  readonly confidence: number;
}

const MEMBERS = [
  ...['workload_type', 'quantity', 'duration_hours', 'duration', 'quality', 'model_name', 'model_size_b', 'precision'],
  ...['context_tokens', 'batch', 'method', 'epochs', 'dataset_samples', 'region', 'budget', 'gpu', 'gpu_count'],
  'confidence',
];

/** What a bare number counts. */
const USUAL_UNIT: Readonly<Record<WorkloadType, QuantityUnit>> = {
  image_generation: 'images',
  llm_inference: 'tokens',
  training: 'samples',
  fine_tuning: 'samples',
  video_processing: 'hours',
  data_processing: 'samples',
};

const MOST = { quantity: 1e15, hours: 87_600, budget: 1e12, tokens: 10_000_000, samples: 1e12 } as const;

/** @throws ApiError VALIDATION_ERROR naming every bad field */
export function parseWorkload(body: unknown): WorkloadRequest {
  const request = requestObject(body, MEMBERS);
  const problems = new Problems();
  const type = readOne(request, 'workload_type', WORKLOAD_TYPES, problems);
  if (request['workload_type'] === undefined || request['workload_type'] === null)
    problems.add('workload_type', `must be one of ${WORKLOAD_TYPES.join(', ')}`);
  const hours = readNumber(request, 'duration_hours', 0, MOST.hours, problems);
  const read = {
    quantity: readQuantity(request['quantity'], type, problems),
    durationHours: hours ?? readNumber(request, 'duration', 0, MOST.hours, problems),
    quality: readOne(request, 'quality', QUALITIES, problems),
    modelName: readText(request, 'model_name', null, problems),
    modelSizeB: readNumber(request, 'model_size_b', MODEL_SIZE.min - 1e-9, MODEL_SIZE.max, problems),
    precision: isGiven(request, 'precision') ? readPrecision(request, 'fp16', problems) : null,
    contextTokens: readWhole(request, 'context_tokens', 1, MOST.tokens, problems),
    batch: readWhole(request, 'batch', 1, 4_096, problems),
    method: readOne(request, 'method', TRAINING_METHOD_NAMES, problems),
    epochs: readWhole(request, 'epochs', 1, 100_000, problems),
    datasetSamples: readWhole(request, 'dataset_samples', 1, MOST.samples, problems),
    region: readOne(request, 'region', MACRO_REGIONS, problems),
    budget: readBudget(request['budget'], problems),
    gpu: readText(request, 'gpu', null, problems),
    gpuCount: readWhole(request, 'gpu_count', 1, 1_024, problems),
    confidence: readShare(request, problems),
  };
  problems.throwIfAny();
  if (type === null) throw new Error('a request without problems misses its type');
  return { type, ...read };
}

function readShare(request: RequestObject, problems: Problems): number {
  if (!isGiven(request, 'confidence')) return 1;
  const value = request['confidence'];
  if (typeof value === 'number' && value >= 0 && value <= 1) return value;
  problems.add('confidence', 'must be a number from 0 to 1');
  return 1;
}

function readQuantity(value: unknown, type: WorkloadType | null, problems: Problems): Quantity | null {
  if (value === undefined || value === null) return null;
  if (!isObject(value)) return readAmount({ value }, USUAL_UNIT[type ?? 'llm_inference'], 'quantity', problems);
  const own = membersOnly(value, 'quantity', ['value', 'unit', 'per'], problems);
  const unit = readOne(value, 'unit', QUANTITY_UNITS, own);
  if (unit === null && !isGiven(value, 'unit')) problems.add('quantity.unit', 'must be given');
  const per = readOne(value, 'per', QUANTITY_PERIODS, own);
  const amount = readAmount(value, unit ?? 'tokens', 'quantity.value', problems);
  return amount === null || unit === null ? null : { ...amount, per };
}

function readAmount(from: RequestObject, unit: QuantityUnit, field: string, problems: Problems): Quantity | null {
  const value = from['value'];
  if (typeof value === 'number' && value > 0 && value <= MOST.quantity) return { value, unit, per: null };
  problems.add(field, `must be a number above 0, at most ${MOST.quantity}`);
  return null;
}

/** {amount, currency?, per?}; what is missing of it means nothing said. */
export function readBudget(value: unknown, problems: Problems): Budget | null {
  if (value === undefined || value === null) return null;
  if (!isObject(value)) {
    problems.add('budget', 'must be {amount, currency, per}');
    return null;
  }
  const own = membersOnly(value, 'budget', ['amount', 'currency', 'per'], problems);
  const amount = readNumber(value, 'amount', 0, MOST.budget, own);
  if (!isGiven(value, 'amount')) problems.add('budget.amount', 'must be given');
  const currency = readText(value, 'currency', null, own);
  const per = readOne(value, 'per', BUDGET_PERIODS, own);
  return amount === null ? null : { amount, currency: currency?.toUpperCase() ?? null, per: per ?? 'total' };
}

/** Problems of a member's members, under their full names. */
function membersOnly(value: RequestObject, name: string, members: readonly string[], problems: Problems): Problems {
  for (const member of Object.keys(value))
    if (!members.includes(member)) problems.add(`${name}.${member}`, `property ${member} should not exist`);
  return problems.within(name);
}
