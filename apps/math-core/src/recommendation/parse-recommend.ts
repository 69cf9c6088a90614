import { WORKLOAD_TYPES, type EnsembleWeightsDto, type WorkloadType } from '@gpubroker/contracts/math';
import { AVAILABILITY_STATUSES } from '@gpubroker/contracts/offers';
import { ApiError } from '@gpubroker/platform/errors';
import { readModel, readPrecision, readText, readWhole } from '../request/read-members';
import { isObject, Problems, requestObject, type RequestObject } from '../request/request-object';
import { readOffer } from '../similarity/parse-similarity';
import type { ModelShape } from '../throughput/model-shape';
import type { Precision } from '../throughput/precision';
import type { Candidate } from './candidate';

export interface WorkProfile {
  readonly type: WorkloadType;
  /** null: no model was named, and none is asked to fit. */
  readonly model: ModelShape | null;
  readonly precision: Precision;
  readonly contextTokens: number;
  /** Lower case. */
  readonly region: string | null;
  readonly budget: WorkBudget | null;
}

export interface WorkBudget {
  readonly amount: number;
  readonly currency: string;
  readonly per: 'total' | 'hour' | 'day' | 'month';
}

export interface RecommendRequest {
  readonly profile: WorkProfile;
  readonly candidates: readonly Candidate[];
  readonly topK: number;
  /** They sum to 1. */
  readonly weights: EnsembleWeightsDto;
}

const MEMBERS = ['user_id', 'workload_profile', 'candidate_offers', 'top_k', 'weights'];
const PROFILE_MEMBERS = [
  ...['workload_type', 'model_size', 'model_name', 'precision', 'context_tokens', 'region', 'budget'],
];
const PARTS = ['topsis', 'collaborative', 'content'] as const;
export const DEFAULT_WEIGHTS: EnsembleWeightsDto = { topsis: 0.4, collaborative: 0.3, content: 0.3 };
const DEFAULTS = { topK: 10, contextTokens: 640, precision: 'fp16', currency: 'USD' } as const;
const WEIGHT_TOLERANCE = 1e-6;
/** Each is compared with each: twice as many take four times as long. */
const MOST_CANDIDATES = 5_000;
const ID_LENGTH = 128;

/**
 * Reads the body of /math/ensemble-recommend (SPEC C5).
 * @throws ApiError VALIDATION_ERROR (422) naming every bad field; MALFORMED_REQUEST (400) when only the sum of the weights is wrong
 */
export function parseRecommend(body: unknown): RecommendRequest {
  const request = requestObject(body, MEMBERS);
  const problems = new Problems();
  if (!isId(request['user_id'])) problems.add('user_id', `must be a text of 1 to ${ID_LENGTH} characters`);
  const profile = readProfile(request['workload_profile'], problems);
  const candidates = readCandidates(request['candidate_offers'], problems);
  const topK = readWhole(request, 'top_k', 1, 1_000, problems) ?? DEFAULTS.topK;
  const weights = readWeights(request['weights'], problems);
  problems.throwIfAny();
  if (profile === null) throw new Error('a request without problems misses its profile');
  return { profile, candidates, topK, weights: normalised(weights) };
}

const isId = (value: unknown): value is string =>
  typeof value === 'string' && value.length >= 1 && value.length <= ID_LENGTH;

function readProfile(value: unknown, problems: Problems): WorkProfile | null {
  if (!isObject(value)) {
    problems.add('workload_profile', 'must be an object with workload_type');
    return null;
  }
  const own = problems.within('workload_profile');
  for (const name of Object.keys(value))
    if (!PROFILE_MEMBERS.includes(name)) own.add(name, `property ${name} should not exist`);
  const type = WORKLOAD_TYPES.find((one) => one === value['workload_type']);
  if (type === undefined) own.add('workload_type', `must be one of ${WORKLOAD_TYPES.join(', ')}`);
  const precision = readPrecision(value, DEFAULTS.precision, own);
  const read = {
    model: readProfileModel(value, own),
    contextTokens: readWhole(value, 'context_tokens', 1, 10_000_000, own) ?? DEFAULTS.contextTokens,
    region: readText(value, 'region', null, own)?.trim().toLowerCase() ?? null,
    budget: readBudget(value['budget'], own),
  };
  return type === undefined || precision === null ? null : { type, precision, ...read };
}

/** A name says more than a size; a name that is not known leaves the size, and without one nothing can be asked to fit. */
function readProfileModel(profile: RequestObject, problems: Problems): ModelShape | null {
  const name = readText(profile, 'model_name', null, problems);
  const named = name === null ? null : readModel(name, new Problems());
  if (named !== null) return named;
  const size = profile['model_size'];
  return size === undefined || size === null ? null : readModel(size, problems);
}

const PERIODS = ['total', 'hour', 'day', 'month'] as const;

function readBudget(value: unknown, problems: Problems): WorkBudget | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number') return readBudget({ amount: value, per: 'hour' }, problems);
  if (!isObject(value)) {
    problems.add('budget', 'must be a number for an hour, or {amount, currency, per}');
    return null;
  }
  const { amount, currency = null, per = null, ...unknown } = value;
  for (const name of Object.keys(unknown)) problems.add(`budget.${name}`, `property ${name} should not exist`);
  const period = per === null ? 'total' : PERIODS.find((one) => one === per);
  if (typeof amount !== 'number' || !(amount > 0 && amount <= 1e12))
    problems.add('budget.amount', 'must be a number above 0, at most 1000000000000');
  if (currency !== null && !(typeof currency === 'string' && /^[A-Za-z]{3}$/.test(currency)))
    problems.add('budget.currency', 'must be an ISO 4217 code');
  if (period === undefined) problems.add('budget.per', `must be one of ${PERIODS.join(', ')}`);
  if (typeof amount !== 'number' || period === undefined) return null;
  const code = typeof currency === 'string' ? currency.toUpperCase() : DEFAULTS.currency;
  return { amount, currency: code, per: period };
}

function readCandidates(value: unknown, problems: Problems): Candidate[] {
  if (!Array.isArray(value)) {
    problems.add('candidate_offers', 'must be a list of offers');
    return [];
  }
  if (value.length > MOST_CANDIDATES) {
    problems.add('candidate_offers', `must have at most ${MOST_CANDIDATES} entries`);
    return [];
  }
  const seen = new Set<string>();
  return value.flatMap((offer: unknown, index) => {
    const candidate = readCandidate(offer, `candidate_offers.${index}`, problems);
    if (candidate === null) return [];
    if (seen.has(candidate.id)) problems.add(`candidate_offers.${index}.id`, 'occurs twice');
    seen.add(candidate.id);
    return candidate;
  });
}

function readCandidate(offer: unknown, field: string, problems: Problems): Candidate | null {
  const traits = readOffer(offer, field, problems);
  if (!isObject(offer)) return null;
  const own = problems.within(field);
  const { id, price_per_hour: price, availability_status: status } = offer;
  if (!isId(id)) own.add('id', `must be a text of 1 to ${ID_LENGTH} characters`);
  if (price === undefined || price === null) own.add('price_per_hour', 'must be given');
  const availability = AVAILABILITY_STATUSES.find((one) => one === status);
  if (status !== undefined && status !== null && availability === undefined)
    own.add('availability_status', `must be one of ${AVAILABILITY_STATUSES.join(', ')}`);
  const reliability = shareOrNull(offer, 'reliability_score', own);
  const gpuType = readText(offer, 'gpu_type', null, own);
  if (gpuType === null) own.add('gpu_type', 'must be given');
  const { gpu_count: gpuCount, gpu_memory_gb: gpuMemoryGb } = traits.numbers;
  if (!isId(id) || typeof price !== 'number') return null;
  return {
    id,
    gpuType: gpuType ?? '',
    provider: readText(offer, 'provider', '', own),
    region: readText(offer, 'region', '', own),
    gpuCount: gpuCount === 0 ? null : gpuCount,
    gpuMemoryGb: gpuMemoryGb === 0 ? null : gpuMemoryGb,
    pricePerHour: price,
    currency: readText(offer, 'currency', DEFAULTS.currency, own).toUpperCase(),
    availability: availability ?? 'available',
    reliability,
    isEmulated: offer['source'] === 'emulator',
    isStale: offer['stale'] === true,
    traits,
  };
}

function shareOrNull(offer: RequestObject, name: string, problems: Problems): number | null {
  const value = offer[name];
  if (value === undefined || value === null) return null;
  if (typeof value === 'number' && value >= 0 && value <= 1) return value;
  problems.add(name, 'must be a number from 0 to 1, or null');
  return null;
}

function readWeights(value: unknown, problems: Problems): EnsembleWeightsDto {
  if (value === undefined || value === null) return DEFAULT_WEIGHTS;
  if (!isObject(value)) {
    problems.add('weights', 'must be {topsis, collaborative, content}');
    return DEFAULT_WEIGHTS;
  }
  for (const name of Object.keys(value))
    if (!PARTS.some((part) => part === name)) problems.add(`weights.${name}`, `property ${name} should not exist`);
  const read = (part: keyof EnsembleWeightsDto): number => {
    const weight = value[part];
    if (typeof weight === 'number' && Number.isFinite(weight) && weight >= 0) return weight;
    problems.add(`weights.${part}`, 'must be a finite number, not negative');
    return 0;
  };
  return { topsis: read('topsis'), collaborative: read('collaborative'), content: read('content') };
}

/** @throws ApiError MALFORMED_REQUEST, as /math/topsis does for its weights */
function normalised({ topsis, collaborative, content }: EnsembleWeightsDto): EnsembleWeightsDto {
  const sum = topsis + collaborative + content;
  if (Math.abs(sum - 1) > WEIGHT_TOLERANCE) {
    const message = `must sum to 1, and sum to ${sum}`;
    throw new ApiError('MALFORMED_REQUEST', `weights ${message}`, { details: [{ field: 'weights', message }] });
  }
  return { topsis: topsis / sum, collaborative: collaborative / sum, content: content / sum };
}
