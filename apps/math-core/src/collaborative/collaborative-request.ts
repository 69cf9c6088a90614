import { isObject, Problems, requestObject, type RequestObject } from '../request/request-object';
import type { AlsOptions } from './als';
import type { Ratings } from './grouped-ratings';
import { Turns } from '../request/turns';

export interface CollaborativeRequest {
  readonly users: readonly string[];
  readonly items: readonly string[];
  readonly ratings: Ratings;
  readonly options: AlsOptions;
  readonly seed: number;
  readonly startUsers: ReadonlyMap<string, readonly number[]>;
  readonly startItems: ReadonlyMap<string, readonly number[]>;
  /** Pairs to predict; null where a side was never seen. */
  readonly predict: readonly { readonly user: string; readonly item: string }[];
}

const MEMBERS = [
  ...['ratings', 'k', 'lambda', 'tolerance', 'max_sweeps', 'seed', 'implicit', 'alpha'],
  ...['user_factors', 'item_factors', 'predict'],
];
/** More than a body can hold, and its square is a whole number still. */
const MOST_ROWS = 2 ** 26;
const MAX_K = 200;
const MAX_SWEEPS = 1_000;
const MAX_VALUE = 1e6;
/** Of both sides together: they are held in memory, and the answer is some twenty times as many bytes. */
const MAX_FACTORS = 2_000_000;
const DEFAULTS = { k: 50, lambda: 0.1, tolerance: 1e-6, maxSweeps: 20, seed: 42, alpha: 1 };

/**
 * Lets others run between parts of a large body.
 * @throws ApiError VALIDATION_ERROR naming every bad field
 */
export async function parseCollaborative(body: unknown): Promise<CollaborativeRequest> {
  const request = requestObject(body, MEMBERS);
  const problems = new Problems();
  const k = readNumber(request, 'k', { min: 1, max: MAX_K, whole: true }, DEFAULTS.k, problems);
  const implicit = request['implicit'] ?? false;
  if (typeof implicit !== 'boolean') problems.add('implicit', 'must be true or false');
  const alpha = readNumber(request, 'alpha', { min: 1e-9, max: 1e6 }, DEFAULTS.alpha, problems);
  const options: AlsOptions = {
    k,
    lambda: readNumber(request, 'lambda', { min: 1e-9, max: 1e9 }, DEFAULTS.lambda, problems),
    tolerance: readNumber(request, 'tolerance', { min: 0, max: 1 }, DEFAULTS.tolerance, problems),
    maxSweeps: readNumber(
      request,
      'max_sweeps',
      { min: 1, max: MAX_SWEEPS, whole: true },
      DEFAULTS.maxSweeps,
      problems,
    ),
    alpha: implicit === true ? alpha : null,
  };
  const seed = readNumber(request, 'seed', { min: 0, max: 4_294_967_295, whole: true }, DEFAULTS.seed, problems);
  const { users, items, ratings } = await readRatings(request['ratings'], implicit === true, problems);
  const startUsers = readFactors(request, 'user_factors', k, problems);
  const startItems = readFactors(request, 'item_factors', k, problems);
  const predict = readPairs(request['predict'], problems);
  if ((users.length + items.length) * k > MAX_FACTORS)
    problems.add('k', `times the number of users and items must be at most ${MAX_FACTORS}`);
  problems.throwIfAny();
  return { users, items, ratings, options, seed, startUsers, startItems, predict };
}

interface Limits {
  readonly min: number;
  readonly max: number;
  readonly whole?: boolean;
}

function readNumber(
  request: RequestObject,
  name: string,
  { min, max, whole = false }: Limits,
  fallback: number,
  problems: Problems,
): number {
  const value = request[name];
  if (value === undefined || value === null) return fallback;
  if (typeof value === 'number' && value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
  problems.add(name, `must be a ${whole ? 'whole ' : ''}number from ${min} to ${max}`);
  return fallback;
}

async function readRatings(
  value: unknown,
  implicit: boolean,
  problems: Problems,
): Promise<Pick<CollaborativeRequest, 'users' | 'items' | 'ratings'>> {
  const rows: unknown[] = Array.isArray(value) ? value : [];
  if (rows.length === 0) problems.add('ratings', 'must be a list of at least one {user, item, value}');
  const users = new Map<string, number>();
  const items = new Map<string, number>();
  const seen = new Set<number>();
  const userOf = new Uint32Array(rows.length);
  const itemOf = new Uint32Array(rows.length);
  const values = new Float64Array(rows.length);
  const turns = new Turns();
  for (const [index, row] of rows.entries()) {
    if (turns.isOver()) await turns.next();
    const pair = readPair(row);
    const rated = isObject(row) ? row['value'] : undefined;
    if (pair === null || typeof rated !== 'number' || !(Math.abs(rated) <= MAX_VALUE) || (implicit && rated < 0)) {
      problems.add(`ratings.${index}`, ratingRule(implicit));
      continue;
    }
    const user = indexIn(users, pair.user);
    const item = indexIn(items, pair.item);
    userOf[index] = user;
    itemOf[index] = item;
    values[index] = rated;
    const key = user * MOST_ROWS + item;
    if (seen.has(key)) problems.add(`ratings.${index}`, 'rates a pair that was rated before');
    seen.add(key);
  }
  const ratings = { users: users.size, items: items.size, userOf, itemOf, values };
  return { users: [...users.keys()], items: [...items.keys()], ratings };
}

const ratingRule = (implicit: boolean): string =>
  `must be {user, item, value} with texts of 1 to 128 characters and a number of at most ${MAX_VALUE}${implicit ? ', not negative' : ' either way'}`;

function indexIn(ids: Map<string, number>, id: string): number {
  const known = ids.get(id);
  if (known !== undefined) return known;
  ids.set(id, ids.size);
  return ids.size - 1;
}

function readPair(row: unknown): { user: string; item: string } | null {
  if (!isObject(row)) return null;
  const { user, item } = row;
  return isId(user) && isId(item) ? { user, item } : null;
}

const isId = (value: unknown): value is string => typeof value === 'string' && value.length >= 1 && value.length <= 128;

function readPairs(value: unknown, problems: Problems): { user: string; item: string }[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    problems.add('predict', 'must be a list of {user, item}');
    return [];
  }
  return value.flatMap((row, index) => {
    const pair = readPair(row);
    if (pair === null) problems.add(`predict.${index}`, 'must be {user, item} with texts of 1 to 128 characters');
    return pair ?? [];
  });
}

function readFactors(
  request: RequestObject,
  name: string,
  k: number,
  problems: Problems,
): ReadonlyMap<string, readonly number[]> {
  const value = request[name];
  if (value === undefined || value === null) return new Map();
  if (!isObject(value)) {
    problems.add(name, `must map ids to lists of ${k} numbers`);
    return new Map();
  }
  return new Map(
    Object.entries(value).map(([id, vector]) => {
      if (Array.isArray(vector) && vector.length === k && vector.every((x) => Number.isFinite(x)))
        return [id, vector as number[]];
      problems.add(`${name}.${id}`, `must be a list of ${k} finite numbers`);
      return [id, []];
    }),
  );
}
