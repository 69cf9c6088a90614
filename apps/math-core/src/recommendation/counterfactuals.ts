import type { CounterfactualCriterion, CounterfactualDto } from '@gpubroker/contracts/math';
import { Contest, type Entrant } from './ranking';

/** Prices and scores are shown with four decimals; a change is looked for in the same steps. */
const STEPS = 10_000;
/** Nobody rents at more than this many times the price. */
const DEARER = 100;

/**
 * What would have to change about one offer, all others as they are, for another to come first: for the winner, how much
 * worse it could get before it loses; for any other, how much better it would have to be to win. Every entry is tried by
 * deciding the contest again. Works because the place of an offer never falls when its price does, nor when its
 * reliability rises.
 */
export function counterfactuals(
  contest: Contest,
  entrant: Entrant,
  isWinner: boolean,
  availability: string,
): CounterfactualDto[] {
  const found = [price(contest, entrant, isWinner), reliability(contest, entrant, isWinner)];
  if (isWinner) found.push(absence(contest, entrant, availability));
  return found.filter((one) => one !== null);
}

function price(contest: Contest, entrant: Entrant, isWinner: boolean): CounterfactualDto | null {
  const from = entrant.values.price;
  const tried = (value: number): Entrant => ({ ...entrant, values: { ...entrant.values, price: value } });
  const range = isWinner
    ? { near: above(from), far: above(from * DEARER), direction: 1, tried }
    : { near: below(from), far: 1, direction: -1, tried };
  return nearest(contest, entrant, 'price_per_hour', from, range);
}

function reliability(contest: Contest, entrant: Entrant, isWinner: boolean): CounterfactualDto | null {
  const from = entrant.values.reliability;
  if (from === null) return null;
  const tried = (value: number): Entrant => ({ ...entrant, values: { ...entrant.values, reliability: value } });
  const range = isWinner
    ? { near: below(from), far: 0, direction: -1, tried }
    : { near: above(from), far: STEPS, direction: 1, tried };
  return nearest(contest, entrant, 'reliability_score', from, range);
}

/** From the smallest change to the largest, in steps. */
interface Range {
  readonly near: number;
  readonly far: number;
  readonly direction: number;
  readonly tried: (value: number) => Entrant;
}

/** By halving: once a change is large enough, any larger one is too. */
function nearest(
  contest: Contest,
  { id }: Entrant,
  criterion: CounterfactualCriterion,
  from: number,
  { near, far, direction, tried }: Range,
): CounterfactualDto | null {
  if ((far - near) * direction < 0) return null;
  const now = contest.winnerWith(id, tried(from));
  const winnerAt = (step: number): string | null => contest.winnerWith(id, tried(step / STEPS));
  if (winnerAt(far) === now) return null;
  let [no, yes] = [near - direction, far];
  while (Math.abs(yes - no) > 1) {
    const middle = Math.trunc((no + yes) / 2);
    if (winnerAt(middle) === now) no = middle;
    else yes = middle;
  }
  const winner = winnerAt(yes);
  return winner === null ? null : { criterion, from, to: yes / STEPS, new_winner: winner };
}

function absence(contest: Contest, { id }: Entrant, availability: string): CounterfactualDto | null {
  const winner = contest.winnerWith(id, null);
  if (winner === null) return null;
  return { criterion: 'availability_status', from: availability, to: 'unavailable', new_winner: winner };
}

/** The first step above and below a value. */
const above = (value: number): number => Math.floor(value * STEPS + 1e-6) + 1;
const below = (value: number): number => Math.ceil(value * STEPS - 1e-6) - 1;
