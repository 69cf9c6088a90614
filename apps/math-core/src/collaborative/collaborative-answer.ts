import { dot, type AlsResult } from './als';
import type { CollaborativeRequest } from './collaborative-request';
import { Turns } from '../request/turns';

/** Characters that are handed on at once. */
const CHUNK = 65_536;

/**
 * The answer as JSON text, in chunks: a large one is several megabytes of numbers, and written at one go it would hold up
 * every other request.
 */
export async function* answerText(
  request: CollaborativeRequest,
  { factors, lossInitial, lossPerHalfSweep, sweeps, converged }: AlsResult,
): AsyncGenerator<string> {
  const { users, items } = request;
  const { k } = request.options;
  const turns = new Turns();
  let text = '{"user_factors":{';
  const parts = [
    membersOf(users, (index) => [...factors.users.subarray(index * k, (index + 1) * k)]),
    ['},"item_factors":{'],
    membersOf(items, (index) => [...factors.items.subarray(index * k, (index + 1) * k)]),
    ['},"predictions":['],
    predictionsOf(request, factors),
    [`],"loss_initial":${lossInitial},"loss_per_half_sweep":${JSON.stringify(lossPerHalfSweep)}`],
    [`,"sweeps":${sweeps},"converged":${converged}}`],
  ];
  for (const part of parts)
    for (const piece of part) {
      text += piece;
      if (text.length >= CHUNK) {
        yield text;
        text = '';
      }
      if (turns.isOver()) await turns.next();
    }
  yield text;
}

function* membersOf(ids: readonly string[], vectorOf: (index: number) => number[]): Generator<string> {
  for (const [index, id] of ids.entries())
    yield `${index === 0 ? '' : ','}${JSON.stringify(id)}:${JSON.stringify(vectorOf(index))}`;
}

function* predictionsOf(
  { users, items, predict, options: { k } }: CollaborativeRequest,
  factors: AlsResult['factors'],
): Generator<string> {
  const userIndex = new Map(users.map((id, index) => [id, index]));
  const itemIndex = new Map(items.map((id, index) => [id, index]));
  for (const [index, { user, item }] of predict.entries()) {
    const u = userIndex.get(user);
    const i = itemIndex.get(item);
    const value = u === undefined || i === undefined ? null : dot(factors.users, u * k, factors.items, i * k, k);
    yield `${index === 0 ? '' : ','}${JSON.stringify({ user, item, value })}`;
  }
}
