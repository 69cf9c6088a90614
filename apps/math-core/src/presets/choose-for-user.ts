import type { Taste } from '../interactions/taste';
import { ensemble } from '../recommendation/ensemble';
import { parseRecommend } from '../recommendation/parse-recommend';
import { recommendAnswer } from '../recommendation/recommend-answer';
import type { Choice, Market } from './choose-presets';

/** Nobody says here what the work is: the commonest kind, and no model that has to fit. */
const PROFILE = { workload_type: 'llm_inference' } as const;

/** The first of /math/ensemble-recommend over the market; for one who did nothing yet that is what is popular. */
export async function chooseForUser({ offers, figuresOf }: Market, user: string, taste: Taste): Promise<Choice | null> {
  const request = parseRecommend({ user_id: user, workload_profile: PROFILE, candidate_offers: offers, top_k: 1 });
  const result = ensemble({ ...request, user, taste, figuresOf });
  const answer = await recommendAnswer(result, request.profile, request.topK, taste.knownOf(user));
  const [first] = answer.recommendations;
  const offer = offers.find(({ id }) => id === first?.offer_id);
  if (first === undefined || offer === undefined) return null;
  const cold = answer.cold_start ? 'You have done nothing here yet, so this goes by what is known without you. ' : '';
  return { offer, why: `${cold}${first.explanation}`, known: answer.confidence, outOf: result.ranked.length };
}
