import { setImmediate as nextTurn } from 'node:timers/promises';
import type {
  ContributionsDto,
  CounterfactualDto,
  EnsembleAnswerDto,
  RecommendationDto,
} from '@gpubroker/contracts/math';
import { counterfactuals } from './counterfactuals';
import type { Contestant, Ensemble } from './ensemble';
import { Contest, type Contributions, type Ranked } from './ranking';
import { WORK_RULES } from './work-rules';
import type { WorkProfile } from './parse-recommend';

/** Each takes some dozens of contests; further down nobody asks what it would take to win. */
const MOST_EXPLAINED = 20;

/**
 * Others get their turn after each recommendation: what would change the winner of thousands of offers takes some 15 ms.
 * @param knownActions sum of the weights of what the user did
 */
export async function recommendAnswer(
  ensemble: Ensemble,
  profile: WorkProfile,
  topK: number,
  knownActions: number,
): Promise<EnsembleAnswerDto> {
  const { ranked, entrants, rule, source, excluded, warnings } = ensemble;
  const contest = new Contest(entrants, rule);
  const top = ranked.slice(0, topK);
  const recommendations: RecommendationDto[] = [];
  for (const [index, one] of top.entries()) {
    const isExplained = index < MOST_EXPLAINED;
    if (isExplained) await nextTurn();
    recommendations.push({
      ...recommendation(one, index + 1, ensemble, profile),
      counterfactuals: isExplained ? whatIf(contest, one, index === 0, ensemble) : [],
    });
  }
  return {
    recommendations,
    algorithm_contributions: rounded(rule.weights),
    collaborative_source: source,
    cold_start: source !== 'factors',
    confidence: round(confidence(ensemble, top, knownActions)),
    excluded: excluded.map(({ id, reason }) => ({ offer_id: id, reason })),
    warnings: [...warnings],
  };
}

function whatIf(
  contest: Contest,
  { entrant }: Ranked,
  isFirst: boolean,
  { contestants }: Ensemble,
): CounterfactualDto[] {
  const availability = contestants.get(entrant.id)?.candidate.availability ?? 'available';
  return counterfactuals(contest, entrant, isFirst, availability);
}

function recommendation(
  { entrant, score, contributions }: Ranked,
  place: number,
  ensemble: Ensemble,
  profile: WorkProfile,
): Omit<RecommendationDto, 'counterfactuals'> {
  const contestant = ensemble.contestants.get(entrant.id);
  return {
    offer_id: entrant.id,
    rank: place,
    score: round(score),
    contributions: rounded(contributions),
    explanation: contestant === undefined ? '' : explanation(contestant, contributions, place, ensemble, profile),
  };
}

const UNITS = { tokens_per_second: 'tokens/s', tflops: 'TFLOPS', bandwidth: 'GB/s' } as const;
const SOURCES = {
  factors: 'what this user and others with like taste do with it',
  popularity: 'how popular it is with everybody',
  none: 'taste, of which nothing is known',
} as const;

function explanation(
  { candidate, facts }: Contestant,
  { topsis, collaborative, content, dominance }: Contributions,
  place: number,
  { ranked, currency, source }: Ensemble,
  { type }: WorkProfile,
): string {
  const { speed } = WORK_RULES[type];
  const known = [
    `${candidate.pricePerHour} ${currency} per GPU-hour`,
    facts.speed === null ? 'unknown speed' : `${Number(facts.speed.toPrecision(3))} ${UNITS[speed]}`,
    facts.memoryGb === null ? 'unknown memory' : `${facts.memoryGb} GB`,
    candidate.reliability === null ? 'unknown reliability' : `reliability ${candidate.reliability}`,
  ];
  const parts = [
    `${round(topsis)} for ${known.join(', ')}`,
    `${round(collaborative)} for ${SOURCES[source]}`,
    `${round(content)} for likeness to what ${type.replace('_', ' ')} asks for`,
    ...(dominance > 0 ? [`${round(dominance)} because it beats a higher one in everything that counts`] : []),
  ];
  return `${candidate.gpuType} at ${candidate.provider || 'an unnamed cloud'}, number ${place} of ${ranked.length}: ${parts.join('; ')}.`;
}

/** Actions after which half of what can be known of a user's taste is taken for known. */
const HALF_KNOWN_ACTIONS = 5;
/** What everybody does says this much about what one does. */
const POPULARITY_SAYS = 0.3;

/** The share of the weights that rests on known facts: of the criteria, of the traits, and of the user. */
function confidence(
  { rule: { work, weights }, contestants, source }: Ensemble,
  top: readonly Ranked[],
  knownActions: number,
): number {
  if (top.length === 0) return 0;
  const mean = (read: (one: Ranked) => number) => top.reduce((sum, one) => sum + read(one), 0) / top.length;
  const criteria = mean(({ entrant: { values } }) => {
    const { price, speed, memory, reliability } = work.weights;
    const known = (value: number | null, weight: number) => (value === null ? 0 : weight);
    return price + known(values.speed, speed) + known(values.memory, memory) + known(values.reliability, reliability);
  });
  const traits = mean(({ entrant }) => {
    const { gpu_memory_gb, gpu_count, cpu_cores, ram_gb } = contestants.get(entrant.id)?.candidate.traits.numbers ?? {};
    return [gpu_memory_gb, gpu_count, cpu_cores, ram_gb].filter((value) => typeof value === 'number').length / 4;
  });
  const taste =
    source === 'factors'
      ? knownActions / (knownActions + HALF_KNOWN_ACTIONS)
      : source === 'popularity'
        ? POPULARITY_SAYS
        : 0;
  return weights.topsis * criteria + weights.content * traits + weights.collaborative * taste;
}

const DIGITS = 10_000;
const round = (value: number): number => Math.round(value * DIGITS) / DIGITS;
const rounded = <Values extends EnsembleAnswerDto['algorithm_contributions'] | ContributionsDto>(
  values: Values,
): Values =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, round(value as number)]),
  ) as unknown as Values;
