import { randomUUID } from 'node:crypto';
import type { ErrorEnvelopeDto } from '@gpubroker/contracts/errors';
import type { EnsembleAnswerDto } from '@gpubroker/contracts/math';
import { eventually } from '@gpubroker/testing/eventually';
import { InteractionLog } from './support/interaction-log';
import { madeOffer } from './support/made-offer';
import { startMathCore, type RunningMathCore } from './support/running-math-core';
import { tokenOf } from './support/tokens';

const PATH = 'math/ensemble-recommend';
const OFFERS = [
  madeOffer('cheap', { price_per_hour: 1.9 }),
  madeOffer('dear', { price_per_hour: 4 }),
  madeOffer('europe', { region: 'eu-west-1', price_per_hour: 2.2 }),
  madeOffer('small', { gpu_type: 'RTX-4090', gpu_family: 'RTX 4090', gpu_memory_gb: 24, price_per_hour: 0.4 }),
  madeOffer('gone', { availability_status: 'unavailable', price_per_hour: 0.1 }),
];
const QUESTION = {
  user_id: 'u-1',
  workload_profile: { workload_type: 'llm_inference', model_name: 'llama-3-8b' },
  candidate_offers: OFFERS,
};
const ids = ({ recommendations }: EnsembleAnswerDto) => recommendations.map(({ offer_id }) => offer_id);

describe('recommendations', () => {
  let math: RunningMathCore;

  beforeAll(async () => {
    math = await startMathCore();
  });
  afterAll(() => math.stop());

  const recommend = async (change: Record<string, unknown> = {}, token?: string): Promise<EnsembleAnswerDto> => {
    const body = { ...QUESTION, ...change };
    const answer = await math.ask<EnsembleAnswerDto>(PATH, token === undefined ? { body } : { body, token });
    expect(answer.status).toBe(200);
    return answer.body;
  };
  const profiled = (change: Record<string, unknown>) =>
    recommend({ workload_profile: { ...QUESTION.workload_profile, ...change } });

  it('of thousands of offers let others have their turn', async () => {
    const offers = Array.from({ length: 5_000 }, (_, index) =>
      madeOffer(`o-${index}`, { price_per_hour: 1 + (index % 700) / 100, reliability_score: (index % 100) / 100 }),
    );
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 0);
    const answer = await recommend({ candidate_offers: offers, top_k: 30 });
    clearInterval(counting);
    expect(answer.recommendations).toHaveLength(30);
    // At the least between reading, ranking and each of twenty explanations.
    expect(turns).toBeGreaterThan(20);
  });

  it('rank what can do the work, and say why the rest cannot', async () => {
    const answer = await profiled({ model_name: 'llama-3-70b', precision: 'q4_k_m' });
    expect(ids(answer)).toEqual(['cheap', 'europe', 'dear']);
    expect(answer.excluded).toEqual([
      { offer_id: 'small', reason: 'memory' },
      { offer_id: 'gone', reason: 'unavailable' },
    ]);
  });

  it('explain each place, and what would change the winner', async () => {
    const { recommendations } = await recommend();
    for (const { score, contributions, explanation } of recommendations) {
      const { topsis, collaborative, content, dominance } = contributions;
      expect(topsis + collaborative + content + dominance).toBeCloseTo(score, 3);
      expect(explanation).toContain('per GPU-hour');
    }
    expect(recommendations[0]?.counterfactuals.map(({ criterion }) => criterion)).toContain('availability_status');
  });

  it('change their winner as each counterfactual says', async () => {
    const { recommendations } = await recommend();
    for (const { offer_id, counterfactuals } of recommendations)
      for (const { criterion, to, new_winner } of counterfactuals) {
        const changed = OFFERS.map((offer) => (offer.id === offer_id ? { ...offer, [criterion]: to } : offer));
        expect(ids(await recommend({ candidate_offers: changed }))[0]).toBe(new_winner);
      }
  });

  it('leave out what is elsewhere or too dear', async () => {
    expect(ids(await profiled({ region: 'EU' }))).toEqual(['europe']);
    expect(ids(await profiled({ region: 'us-' }))).not.toContain('europe');
    const answer = await profiled({ budget: { amount: 48, currency: 'USD', per: 'day' } });
    expect(ids(answer).sort()).toEqual(['cheap', 'small']);
    expect(ids(await profiled({ budget: 1 }))).toEqual(['small']);
    expect((await profiled({ budget: { amount: 100 } })).warnings.join()).toContain('budget');
  });

  it('rank everything before they cut', async () => {
    const all = await recommend();
    expect(ids(await recommend({ top_k: 2 }))).toEqual(ids(all).slice(0, 2));
  });

  it('take the weights of the caller', async () => {
    const { algorithm_contributions: shares } = await recommend({
      weights: { topsis: 0.5, collaborative: 0, content: 0.5 },
    });
    expect(shares).toEqual({ topsis: 0.5, collaborative: 0, content: 0.5 });
  });

  it('rank offers of any kind of work', async () => {
    for (const workload_type of ['image_generation', 'training', 'fine_tuning', 'video_processing', 'data_processing'])
      expect((await recommend({ workload_profile: { workload_type } })).recommendations).toHaveLength(4);
  });

  it.each([
    [{ user_id: '' }, 'user_id'],
    [{ user_id: 'x'.repeat(129) }, 'user_id'],
    [{ workload_profile: null }, 'workload_profile'],
    [{ workload_profile: { workload_type: 'mining' } }, 'workload_profile.workload_type'],
    [{ workload_profile: { workload_type: 'training', extra: 1 } }, 'workload_profile.extra'],
    [{ workload_profile: { workload_type: 'training', model_size: 'huge' } }, 'workload_profile.model_size'],
    [{ workload_profile: { workload_type: 'training', budget: -1 } }, 'workload_profile.budget.amount'],
    [{ workload_profile: { workload_type: 'training', budget: 'x' } }, 'workload_profile.budget'],
    [{ workload_profile: { workload_type: 'training', context_tokens: 0 } }, 'workload_profile.context_tokens'],
    [{ candidate_offers: {} }, 'candidate_offers'],
    [{ candidate_offers: [7] }, 'candidate_offers.0'],
    [{ candidate_offers: [{ ...madeOffer('a'), price_per_hour: -1 }] }, 'candidate_offers.0.price_per_hour'],
    [{ candidate_offers: [{ ...madeOffer('a'), price_per_hour: null }] }, 'candidate_offers.0.price_per_hour'],
    [{ candidate_offers: [{ ...madeOffer('a'), reliability_score: 2 }] }, 'candidate_offers.0.reliability_score'],
    [
      { candidate_offers: [{ ...madeOffer('a'), availability_status: 'soon' }] },
      'candidate_offers.0.availability_status',
    ],
    [{ candidate_offers: [madeOffer('a'), madeOffer('a')] }, 'candidate_offers.1.id'],
    [{ top_k: 0 }, 'top_k'],
    [{ top_k: 1001 }, 'top_k'],
    [{ weights: { topsis: 1 } }, 'weights.content'],
    [{ weights: 3 }, 'weights'],
    [{ extra: 1 }, 'extra'],
  ])('answer 422 for %j', async (change, field) => {
    const { status, body } = await math.ask<ErrorEnvelopeDto>(PATH, { body: { ...QUESTION, ...change } });
    expect(status).toBe(422);
    expect(body.error.details?.map((detail) => detail.field)).toContain(field);
  });

  it('answer 400 for weights that do not sum to 1', async () => {
    const weights = { topsis: 0.5, collaborative: 0.5, content: 0.5 };
    expect((await math.ask(PATH, { body: { ...QUESTION, weights } })).status).toBe(400);
  });

  it('have nothing to recommend among nothing', async () => {
    expect(await recommend({ candidate_offers: [] })).toMatchObject({ recommendations: [], confidence: 0 });
  });
});

describe('taste', () => {
  let math: RunningMathCore;
  let log: InteractionLog;
  const uid = randomUUID();

  beforeAll(async () => {
    math = await startMathCore({ env: { MATH_TRAINING_SECONDS: '1' } });
    log = new InteractionLog(math.database.url);
  });
  afterAll(async () => {
    await log.close();
    await math.stop();
  });

  const twins = [madeOffer('one'), madeOffer('two'), madeOffer('three')];
  const recommend = async (token = tokenOf()): Promise<EnsembleAnswerDto> =>
    (await math.ask<EnsembleAnswerDto>(PATH, { body: { ...QUESTION, candidate_offers: twins }, token })).body;

  it('starts cold, says so, and ranks without it', async () => {
    const answer = await recommend();
    expect(answer).toMatchObject({ cold_start: true, collaborative_source: 'none' });
    expect(answer.algorithm_contributions).toEqual({ topsis: 0.5714, collaborative: 0, content: 0.4286 });
    expect(answer.warnings.join()).toContain('Cold start');
  });

  it('is popularity for a stranger, and their own for who did something', async () => {
    const others = ['a', 'b', 'c', 'd'].map((user) => ({ user, offer: 'two', kind: 'viewed' as const }));
    const own = ['booked', 'viewed'] as const;
    // Delivered three times, counted once.
    await log.publish([...others, ...own.map((kind) => ({ user: uid, offer: 'three', kind }))], 3);
    const stranger = await eventually(recommend, ({ collaborative_source }) => collaborative_source === 'popularity');
    expect(stranger.recommendations[0]?.offer_id).toBe('three');
    expect(stranger.recommendations[1]).toMatchObject({ offer_id: 'two' });
    const mine = await recommend(tokenOf({ uid }));
    expect(mine).toMatchObject({ cold_start: false, collaborative_source: 'factors' });
    expect(mine.recommendations[0]?.offer_id).toBe('three');
    expect(mine.confidence).toBeGreaterThan(stranger.confidence);
    const share = ({ recommendations }: EnsembleAnswerDto, id: string) =>
      recommendations.find(({ offer_id }) => offer_id === id)?.contributions.collaborative ?? NaN;
    // Popularity 4 of 6: three deliveries of one event counted once.
    expect(share(stranger, 'two')).toBeCloseTo((0.3 * 4) / 6, 3);
    expect(share(mine, 'three')).toBeGreaterThan(share(mine, 'two'));
  });

  it('is not read from the body: another user’s id changes nothing', async () => {
    const body = { ...QUESTION, user_id: uid, candidate_offers: twins };
    const { body: answer } = await math.ask<EnsembleAnswerDto>(PATH, { body });
    expect(answer.collaborative_source).toBe('popularity');
  });
});

it('ranks by what the offers say while the database is away', async () => {
  const math = await startMathCore({ databaseUrl: 'postgres://nobody@127.0.0.1:9/none' });
  try {
    const { status, body } = await math.ask<EnsembleAnswerDto>(PATH, { body: QUESTION });
    expect(status).toBe(200);
    expect(body.recommendations).toHaveLength(4);
    expect(body.warnings.join()).toContain('benchmark table');
  } finally {
    await math.stop();
  }
});
