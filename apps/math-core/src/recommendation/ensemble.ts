import type { CollaborativeSource, EnsembleWeightsDto, ExclusionReason } from '@gpubroker/contracts/math';
import type { BenchmarkFigures } from '../benchmarks/benchmark-figures';
import type { Taste } from '../interactions/taste';
import { stepsAtOnce, type Steps } from '../request/turns';
import type { Candidate, CandidateFacts } from './candidate';
import { factsOf, memoryDemand } from './candidate-facts';
import { exclusionOf, type Demands } from './feasibility';
import { likeness, wantedTraits } from './likeness';
import type { RecommendRequest, WorkBudget, WorkProfile } from './parse-recommend';
import { rankInSteps, type Entrant, type Ranked, type RankingRule } from './ranking';
import { WORK_RULES } from './work-rules';

/** All that a ranking rests on. */
export interface EnsembleInput extends Pick<RecommendRequest, 'profile' | 'candidates' | 'weights'> {
  readonly user: string;
  readonly taste: Taste;
  /** null where the table does not know the card. */
  readonly figuresOf: (gpuType: string) => BenchmarkFigures | null;
}

export interface Contestant {
  readonly candidate: Candidate;
  readonly facts: CandidateFacts;
}

export interface Ensemble {
  /** Every candidate that can do the work, best first. */
  readonly ranked: readonly Ranked[];
  readonly entrants: readonly Entrant[];
  readonly rule: RankingRule;
  readonly contestants: ReadonlyMap<string, Contestant>;
  readonly excluded: readonly { readonly id: string; readonly reason: ExclusionReason }[];
  readonly source: CollaborativeSource;
  readonly currency: string;
  readonly warnings: readonly string[];
}

/** Thousands of candidates at one go take a tenth of a second: whoever has others waiting takes the steps in turns. */
export const ensemble = (input: EnsembleInput): Ensemble => stepsAtOnce(ensembleInSteps(input));

/** 0.4 TOPSIS + 0.3 collaborative + 0.3 content, or as the weights say (SPEC C5); docs/recommendations.md has the formulas. */
export function* ensembleInSteps({
  user,
  taste,
  figuresOf,
  profile,
  candidates,
  weights,
}: EnsembleInput): Steps<Ensemble> {
  const currency = currencyOf(candidates);
  const { demands, warnings } = demandsOf(profile, currency);
  const judged = candidates.map((candidate) => {
    const facts = factsOf(candidate, figuresOf(candidate.gpuType), profile);
    return { candidate, facts, reason: exclusionOf(candidate, facts, demands) };
  });
  yield;
  const contestants = judged.filter(({ reason }) => reason === null);
  const source: CollaborativeSource = taste.isEmpty ? 'none' : taste.knownOf(user) > 0 ? 'factors' : 'popularity';
  const wanted = wantedTraits(profile);
  const entrants = contestants.map(({ candidate, facts }) => ({
    id: candidate.id,
    values: {
      price: candidate.pricePerHour,
      speed: facts.speed,
      memory: facts.memoryGb,
      reliability: candidate.reliability,
    },
    collaborative: source === 'factors' ? taste.liking(user, candidate.id) : taste.popularity(candidate.id),
    content: likeness(candidate, wanted),
  }));
  yield;
  const rule = { work: WORK_RULES[profile.type], weights: effectiveWeights(weights, source) };
  return {
    ranked: yield* rankInSteps(entrants, rule),
    entrants,
    rule,
    contestants: new Map(contestants.map((contestant) => [contestant.candidate.id, contestant])),
    excluded: judged.flatMap(({ candidate: { id }, reason }) => (reason === null ? [] : { id, reason })),
    source,
    currency,
    warnings: [...warnings, ...warningsOf(contestants, source)],
  };
}

/** A part that nothing is known for is left out, and the others share its weight in their proportion. */
function effectiveWeights(weights: EnsembleWeightsDto, source: CollaborativeSource): EnsembleWeightsDto {
  if (source !== 'none') return weights;
  const rest = weights.topsis + weights.content;
  if (rest === 0) return { topsis: 1, collaborative: 0, content: 0 };
  return { topsis: weights.topsis / rest, collaborative: 0, content: weights.content / rest };
}

const USUAL_CURRENCY = 'USD';

/** Prices are never converted: the one that all have, else dollars. */
function currencyOf(candidates: readonly Candidate[]): string {
  const currencies = new Set(candidates.map(({ currency }) => currency));
  const [only] = currencies;
  return currencies.size === 1 && only !== undefined ? only : USUAL_CURRENCY;
}

function demandsOf(profile: WorkProfile, currency: string): { demands: Demands; warnings: string[] } {
  const { budget, region } = profile;
  const hourly = budget === null || budget.currency !== currency ? null : hourlyOf(budget);
  const warnings =
    budget === null || hourly !== null
      ? []
      : [
          budget.currency === currency
            ? 'A budget for all of the work says nothing about an hour without its length: it was left out.'
            : `The budget is in ${budget.currency} and the offers are in ${currency}: it was left out.`,
        ];
  const hourlyBudget = hourly === null ? null : { amount: hourly, currency };
  return { demands: { fits: memoryDemand(profile), region, hourlyBudget, currency }, warnings };
}

/** Of a unit that runs all the time; null for a budget of all the work. */
function hourlyOf({ amount, per }: WorkBudget): number | null {
  const hours = { hour: 1, day: 24, month: 720, total: null }[per];
  return hours === null ? null : amount / hours;
}

function warningsOf(contestants: readonly Contestant[], source: CollaborativeSource): string[] {
  const count = (is: (contestant: Contestant) => boolean) => contestants.filter(is).length;
  const unknown = count(({ facts }) => facts.speed === null);
  const stale = count(({ candidate }) => candidate.isStale);
  const emulated = count(({ candidate }) => candidate.isEmulated);
  return [
    ...(source === 'popularity' ? ['Cold start: nothing is known of this user, so popularity stands for taste.'] : []),
    ...(source === 'none'
      ? ['Cold start: nobody has done anything with any offer yet, so the collaborative part is left out.']
      : []),
    ...(unknown > 0 ? [`The speed of ${unknown} of the offers is not known and counts as none.`] : []),
    ...(stale > 0 ? [`${stale} of the offers are stale.`] : []),
    ...(emulated > 0 ? [`${emulated} of the offers are of the demonstration emulator and cannot be booked.`] : []),
  ];
}
