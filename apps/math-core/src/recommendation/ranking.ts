import type { EnsembleWeightsDto } from '@gpubroker/contracts/math';
import type { Steps } from '../request/turns';
import { fixedTopsis, worthOf, type CriterionValues } from './fixed-topsis';
import type { WorkRule } from './work-rules';

/** What an offer brings to the ranking; collaborative and content are from 0 to 1 and do not depend on its price. */
export interface Entrant {
  readonly id: string;
  readonly values: CriterionValues;
  readonly collaborative: number;
  readonly content: number;
}

export interface Contributions {
  readonly topsis: number;
  readonly collaborative: number;
  readonly content: number;
  readonly dominance: number;
}

export interface Ranked {
  readonly entrant: Entrant;
  /** 0 to 1: the sum of the contributions. */
  readonly score: number;
  readonly contributions: Contributions;
}

export interface RankingRule {
  readonly work: WorkRule;
  /** They sum to 1. */
  readonly weights: EnsembleWeightsDto;
}

interface Scored {
  readonly entrant: Entrant;
  /** Not weighted. */
  readonly closeness: number;
  readonly sum: number;
}

/**
 * Best first. The weighted sum of the three parts; then no offer stands below one that it beats in price, speed, memory and
 * reliability alike: it is lifted to that one's score. Ties go to the higher TOPSIS score, the lower price, the lower id.
 */
export function* rankInSteps(entrants: readonly Entrant[], rule: RankingRule): Steps<Ranked[]> {
  const bySum = entrants.map((entrant) => score(entrant, rule)).sort((a, b) => b.sum - a.sum || order(a, b));
  yield;
  const highest = yield* highestBeaten(bySum);
  return bySum
    .map((scored, place) => ({ ...scored, score: bySum[highest[place] ?? place]?.sum ?? scored.sum }))
    .sort((a, b) => b.score - a.score || order(a, b))
    .map(({ entrant, closeness, sum, score: lifted }) => ({
      entrant,
      score: lifted,
      contributions: {
        topsis: rule.weights.topsis * closeness,
        collaborative: rule.weights.collaborative * entrant.collaborative,
        content: rule.weights.content * entrant.content,
        dominance: lifted - sum,
      },
    }));
}

/** Who comes first, again and again with one offer changed: the others are scored once. */
export class Contest {
  private readonly scored: readonly Scored[];
  private readonly placeOf: ReadonlyMap<string, number>;

  constructor(
    entrants: readonly Entrant[],
    private readonly rule: RankingRule,
  ) {
    this.scored = entrants.map((entrant) => score(entrant, rule));
    this.placeOf = new Map(entrants.map(({ id }, place) => [id, place]));
  }

  /** @param changed in place of the offer of its id; null: without the offer `id` */
  winnerWith(id: string, changed: Entrant | null): string | null {
    const place = this.placeOf.get(id);
    const all = [...this.scored];
    if (place !== undefined) all.splice(place, 1, ...(changed === null ? [] : [score(changed, this.rule)]));
    return winner(all)?.entrant.id ?? null;
  }
}

/** Those with the highest sum, and whoever beats one of them: nobody else can stand first. */
function winner(all: readonly Scored[]): Scored | null {
  let most = -Infinity;
  for (const { sum } of all) most = Math.max(most, sum);
  const highest = all.filter(({ sum }) => sum === most);
  let first: Scored | null = null;
  for (const scored of all)
    if (
      (first === null || order(scored, first) < 0) &&
      (scored.sum === most || highest.some((one) => beats(scored, one)))
    )
      first = scored;
  return first;
}

function score(entrant: Entrant, { work, weights }: RankingRule): Scored {
  const closeness = fixedTopsis(worthOf(entrant.values, work), work.weights);
  const { collaborative, content } = entrant;
  const sum = weights.topsis * closeness + weights.collaborative * collaborative + weights.content * content;
  return { entrant, closeness, sum };
}

/** Among equal scores the closeness decides first: of two offers it is higher for the one that beats the other. */
function order(a: Scored, b: Scored): number {
  const byId = a.entrant.id < b.entrant.id ? -1 : 1;
  return b.closeness - a.closeness || a.entrant.values.price - b.entrant.values.price || byId;
}

/** For each place the first place above it whose offer it beats; its own where it beats none. */
function* highestBeaten(bySum: readonly Scored[]): Steps<Uint32Array> {
  // Thousands of offers are millions of pairs: flat columns, and no object is looked into.
  const column = (read: (values: CriterionValues) => number | null) =>
    Float64Array.from(bySum, ({ entrant }) => read(entrant.values) ?? UNKNOWN);
  const price = column((values) => values.price);
  const speed = column((values) => values.speed);
  const memory = column((values) => values.memory);
  const reliability = column((values) => values.reliability);
  const highest = new Uint32Array(bySum.length);
  for (let place = 0; place < bySum.length; place += 1) {
    let above = 0;
    while (
      above < place &&
      (at(price, place) > at(price, above) ||
        at(speed, place) < at(speed, above) ||
        at(memory, place) < at(memory, above) ||
        at(reliability, place) < at(reliability, above) ||
        !beats(bySum[place], bySum[above]))
    )
      above += 1;
    highest[place] = above;
    if (place % PLACES_A_STEP === 0) yield;
  }
  return highest;
}

const PLACES_A_STEP = 256;

/** What an offer does not say counts as less than anything that is said. */
const UNKNOWN = -1;

/** At least as good in everything, better in something. */
function beats(a: Scored | undefined, b: Scored | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  const [x, y] = [a.entrant.values, b.entrant.values];
  // Asked millions of times: one gain after the other, and no list of them.
  const price = y.price - x.price;
  if (price < 0) return false;
  const speed = (x.speed ?? UNKNOWN) - (y.speed ?? UNKNOWN);
  if (speed < 0) return false;
  const memory = (x.memory ?? UNKNOWN) - (y.memory ?? UNKNOWN);
  if (memory < 0) return false;
  const reliability = (x.reliability ?? UNKNOWN) - (y.reliability ?? UNKNOWN);
  return reliability >= 0 && (price > 0 || speed > 0 || memory > 0 || reliability > 0);
}

/** Typed arrays have no holes; the compiler cannot know that the index is inside. */
const at = (array: Float64Array, index: number): number => array[index] as number;
