import { mapInTurns } from '../request/turns';
import { isObject, Problems, requestObject, type RequestObject } from '../request/request-object';
import { NUMBER_TRAITS, WORD_TRAITS, type OfferTraits } from './offer-similarity';

export type SimilarityRequest =
  | { readonly kind: 'vectors'; readonly target: number[]; readonly candidates: number[][] }
  | { readonly kind: 'offers'; readonly target: OfferTraits; readonly candidates: OfferTraits[] };

/**
 * Lets others run between parts of a large body.
 * @throws ApiError VALIDATION_ERROR naming every bad field
 */
export async function parseSimilarity(body: unknown): Promise<SimilarityRequest> {
  const { target, candidates } = requestObject(body, ['target', 'candidates']);
  const problems = new Problems();
  const list: unknown[] = Array.isArray(candidates) ? candidates : [];
  if (!Array.isArray(candidates)) problems.add('candidates', 'must be a list');
  const request: SimilarityRequest = Array.isArray(target)
    ? await readVectors(target, list, problems)
    : await readOffers(target, list, problems);
  problems.throwIfAny();
  return request;
}

async function readVectors(target: unknown[], candidates: unknown[], problems: Problems): Promise<SimilarityRequest> {
  if (target.length === 0) problems.add('target', 'must have at least one number');
  return {
    kind: 'vectors',
    target: readVector(target, target.length, 'target', problems),
    candidates: await mapInTurns(candidates, (candidate, index) =>
      readVector(candidate, target.length, `candidates.${index}`, problems),
    ),
  };
}

function readVector(value: unknown, length: number, field: string, problems: Problems): number[] {
  if (!Array.isArray(value) || value.length !== length || !value.every(Number.isFinite)) {
    problems.add(field, `must be a list of ${length} finite numbers, as many as the target has`);
    return [];
  }
  return value as number[];
}

async function readOffers(target: unknown, candidates: unknown[], problems: Problems): Promise<SimilarityRequest> {
  return {
    kind: 'offers',
    target: readOffer(target, 'target', problems),
    candidates: await mapInTurns(candidates, (candidate, index) =>
      readOffer(candidate, `candidates.${index}`, problems),
    ),
  };
}

const NOTHING: OfferTraits = traitsOf({});

/** What an offer is compared by; other members are ignored. */
export function readOffer(value: unknown, field: string, problems: Problems): OfferTraits {
  if (!isObject(value)) {
    problems.add(field, 'must be an offer, or a vector when the target is one');
    return NOTHING;
  }
  for (const trait of NUMBER_TRAITS)
    if (value[trait] != null && !(Number.isFinite(value[trait]) && Number(value[trait]) >= 0))
      problems.add(`${field}.${trait}`, 'must be a finite number, not negative, or null');
  for (const trait of WORD_TRAITS)
    if (value[trait] != null && typeof value[trait] !== 'string') problems.add(`${field}.${trait}`, 'must be a string');
  return traitsOf(value);
}

function traitsOf(offer: RequestObject): OfferTraits {
  const numberOf = (value: unknown) => (typeof value === 'number' ? value : null);
  const wordOf = (value: unknown) => (typeof value === 'string' ? value.toLowerCase() : null);
  return {
    numbers: Object.fromEntries(
      NUMBER_TRAITS.map((trait) => [trait, numberOf(offer[trait])]),
    ) as OfferTraits['numbers'],
    words: Object.fromEntries(WORD_TRAITS.map((trait) => [trait, wordOf(offer[trait])])) as OfferTraits['words'],
  };
}
