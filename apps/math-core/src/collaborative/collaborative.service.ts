import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import type { CollaborativeAnswerDto } from '@gpubroker/contracts/math';
import { als, dot, type AlsResult } from './als';
import type { CollaborativeRequest } from './collaborative-request';
import { createFactors, seededRandom, type Random } from './random';

/** Longest that a factorisation keeps the event loop to itself before others get their turn. */
const SLICE_MS = 15;

@Injectable()
export class CollaborativeService {
  async factorise(request: CollaborativeRequest): Promise<CollaborativeAnswerDto> {
    const result = await runInSlices(startOf(request));
    return toAnswer(request, result);
  }
}

function startOf({ users, items, ratings, options, seed, startUsers, startItems }: CollaborativeRequest) {
  const random = seededRandom(seed);
  return als(ratings, options, random, {
    users: factorsFrom(users, startUsers, options.k, random),
    items: factorsFrom(items, startItems, options.k, random),
  });
}

/** Given vectors where there are any, drawn ones elsewhere. */
function factorsFrom(
  ids: readonly string[],
  given: ReadonlyMap<string, readonly number[]>,
  k: number,
  random: Random,
): Float64Array {
  const factors = createFactors(ids.length, k, random);
  for (const [index, id] of ids.entries()) {
    const vector = given.get(id);
    if (vector !== undefined) factors.set(vector, index * k);
  }
  return factors;
}

async function runInSlices(work: Generator<void, AlsResult>): Promise<AlsResult> {
  let until = performance.now() + SLICE_MS;
  for (;;) {
    const { done, value } = work.next();
    if (done === true) return value;
    if (performance.now() < until) continue;
    await nextTurn();
    until = performance.now() + SLICE_MS;
  }
}

function toAnswer(request: CollaborativeRequest, result: AlsResult): CollaborativeAnswerDto {
  const { users, items, predict } = request;
  const { k } = request.options;
  const userIndex = new Map(users.map((id, index) => [id, index]));
  const itemIndex = new Map(items.map((id, index) => [id, index]));
  return {
    user_factors: byId(users, result.userFactors, k),
    item_factors: byId(items, result.itemFactors, k),
    predictions: predict.map(({ user, item }) => {
      const u = userIndex.get(user);
      const i = itemIndex.get(item);
      const value =
        u === undefined || i === undefined ? null : dot(result.userFactors, u * k, result.itemFactors, i * k, k);
      return { user, item, value };
    }),
    loss_initial: result.lossInitial,
    loss_per_half_sweep: [...result.lossPerHalfSweep],
    sweeps: result.sweeps,
    converged: result.converged,
  };
}

const byId = (ids: readonly string[], factors: Float64Array, k: number): Record<string, number[]> =>
  Object.fromEntries(ids.map((id, index) => [id, [...factors.subarray(index * k, (index + 1) * k)]]));
