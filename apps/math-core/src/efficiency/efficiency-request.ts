import { AVAILABILITY_STATUSES, type AvailabilityStatus } from '@gpubroker/contracts/offers';
import { WORKLOAD_TYPES } from '@gpubroker/contracts/math';
import { isGiven, isText, readNumber, readOne, readPrecision, readText, readWhole } from '../request/read-members';
import { isObject, Problems, requestObject, type RequestObject } from '../request/request-object';
import { MODEL_SIZE } from '../throughput/model-shape';
import { readBudget, type Budget, type WorkloadRequest } from '../workload/workload-request';

/** What is read of an offer; null is what it does not say. */
export interface JudgedOffer {
  readonly gpuType: string;
  /** A fraction where a slice is sold. */
  readonly gpuCount: number;
  readonly gpuMemoryGb: number | null;
  /** Of one GPU for one hour. */
  readonly pricePerHour: number;
  readonly currency: string | null;
  readonly region: string | null;
  readonly availability: AvailabilityStatus | null;
  readonly reliability: number | null;
}

export interface EfficiencyRequest {
  readonly offer: JudgedOffer;
  readonly work: WorkloadRequest;
  /** A region code, a prefix that ends in "-", or a macro-region. */
  readonly region: string | null;
}

const MAX_PRICE = 1_000_000;
const MAX_GPUS = 1_024;
const MAX_MEMORY = 100_000;
const PROFILE_MEMBERS = [
  ...['workload_type', 'model_size', 'model_name', 'precision', 'context_tokens', 'region', 'budget'],
  ...['batch', 'method', 'quality'],
];

/** @throws ApiError VALIDATION_ERROR naming every bad field */
export function parseEfficiency(body: unknown): EfficiencyRequest {
  const request = requestObject(body, ['offer', 'workload_profile']);
  const problems = new Problems();
  const offer = readOffer(request['offer'], problems);
  const profile = readProfile(request['workload_profile'], problems);
  problems.throwIfAny();
  if (offer === null || profile === null) throw new Error('a request without problems misses a member');
  return { offer, ...profile };
}

function readOffer(value: unknown, problems: Problems): JudgedOffer | null {
  if (!isObject(value)) {
    problems.add('offer', 'must be an offer as the list returns it');
    return null;
  }
  const own = problems.within('offer');
  const gpuType = value['gpu_type'];
  if (!isText(gpuType)) own.add('gpu_type', 'must be a text of 1 to 100 characters');
  const price = readNumber(value, 'price_per_hour', 0, MAX_PRICE, own);
  if (!isGiven(value, 'price_per_hour')) own.add('price_per_hour', 'must be given');
  const read = {
    gpuCount: readNumber(value, 'gpu_count', 0, MAX_GPUS, own) ?? 1,
    gpuMemoryGb: readNumber(value, 'gpu_memory_gb', 0, MAX_MEMORY, own),
    currency: readText(value, 'currency', null, own),
    region: readText(value, 'region', null, own),
    availability: readOne(value, 'availability_status', AVAILABILITY_STATUSES, own),
    reliability: readShare(value, 'reliability_score', own),
  };
  return isText(gpuType) && price !== null ? { gpuType, pricePerHour: price, ...read } : null;
}

function readShare(request: RequestObject, name: string, problems: Problems): number | null {
  if (!isGiven(request, name)) return null;
  const value = request[name];
  if (typeof value === 'number' && value >= 0 && value <= 1) return value;
  problems.add(name, 'must be a number from 0 to 1');
  return null;
}

function readProfile(value: unknown, problems: Problems): Pick<EfficiencyRequest, 'work' | 'region'> | null {
  if (!isObject(value)) {
    problems.add('workload_profile', 'must be an object');
    return null;
  }
  const own = problems.within('workload_profile');
  for (const member of Object.keys(value))
    if (!PROFILE_MEMBERS.includes(member)) own.add(member, `property ${member} should not exist`);
  const type = readOne(value, 'workload_type', WORKLOAD_TYPES, own);
  if (!isGiven(value, 'workload_type')) own.add('workload_type', `must be one of ${WORKLOAD_TYPES.join(', ')}`);
  const { name, sizeB } = readModelSize(value, own);
  const read = {
    ...NOTHING_SAID,
    quality: readOne(value, 'quality', ['draft', 'standard', 'high'], own),
    modelName: readText(value, 'model_name', null, own) ?? name,
    modelSizeB: sizeB,
    precision: isGiven(value, 'precision') ? readPrecision(value, 'fp16', own) : null,
    contextTokens: readWhole(value, 'context_tokens', 1, 10_000_000, own),
    batch: readWhole(value, 'batch', 1, 4_096, own),
    method: readOne(value, 'method', ['full', 'lora', 'qlora'], own),
    budget: readProfileBudget(value['budget'], own),
  };
  const region = readText(value, 'region', null, own);
  return type === null ? null : { work: { type, ...read }, region };
}

const NOTHING_SAID = {
  quantity: null,
  durationHours: null,
  epochs: null,
  datasetSamples: null,
  region: null,
  gpu: null,
  gpuCount: null,
  confidence: 1,
} as const;

/** "7b" and 7 are sizes; any other text is a model's name. */
function readModelSize(profile: RequestObject, problems: Problems): { name: string | null; sizeB: number | null } {
  const size = profile['model_size'];
  const inText = typeof size === 'string' ? /^\s*(\d+(?:\.\d+)?)\s*b?\s*$/i.exec(size)?.[1] : undefined;
  if (typeof size === 'string' && inText === undefined && isText(size)) return { name: size, sizeB: null };
  const number = inText === undefined ? size : Number(inText);
  const sizeB = readNumber({ model_size: number }, 'model_size', MODEL_SIZE.min - 1e-9, MODEL_SIZE.max, problems);
  return { name: null, sizeB };
}

/** A number is what an hour of the whole offer may cost. */
function readProfileBudget(value: unknown, problems: Problems): Budget | null {
  if (typeof value === 'number') return readBudget({ amount: value, per: 'hour' }, problems);
  return readBudget(value, problems);
}
