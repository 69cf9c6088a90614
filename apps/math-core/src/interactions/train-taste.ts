import { als, type AlsOptions } from '../collaborative/als';
import { createFactors, seededRandom } from '../collaborative/random';
import type { RowSolver } from '../collaborative/row-solver';
import { Taste, type UserOffer } from './taste';

/** Implicit ALS: a pair without actions is a weak no, one with actions a yes whose confidence grows with them. */
const OPTIONS: AlsOptions = { k: 16, lambda: 0.1, tolerance: 1e-4, maxSweeps: 15, alpha: 2 };
const SEED = 42;

/**
 * @param actions one entry for each user and offer
 * @throws the signal's reason once it aborts
 */
export async function trainTaste(
  actions: readonly UserOffer[],
  solver: RowSolver,
  signal: AbortSignal,
): Promise<Taste> {
  if (actions.length === 0) return Taste.NONE;
  const userAt = indexed(actions.map(({ user }) => user));
  const offerAt = indexed(actions.map(({ offer }) => offer));
  const ratings = {
    users: userAt.size,
    items: offerAt.size,
    userOf: Uint32Array.from(actions, ({ user }) => userAt.get(user) ?? 0),
    itemOf: Uint32Array.from(actions, ({ offer }) => offerAt.get(offer) ?? 0),
    values: Float64Array.from(actions, ({ weight }) => weight),
  };
  const random = seededRandom(SEED);
  const { k } = OPTIONS;
  const start = {
    users: createFactors(userAt.size, k, random),
    items: createFactors(offerAt.size, k, random),
  };
  const { factors } = await als(ratings, OPTIONS, start, solver, signal);
  return new Taste(actions, { k, userAt, offerAt, users: factors.users, offers: factors.items });
}

function indexed(ids: readonly string[]): ReadonlyMap<string, number> {
  return new Map([...new Set(ids)].map((id, index) => [id, index]));
}
