import type { PresetListDto } from '@gpubroker/contracts/math';
import type { ProviderItemDto } from '@gpubroker/contracts/offers';
import { LocalServer } from '@gpubroker/testing/local-server';
import { madeOffer } from './support/made-offer';
import { startMathCore, type RunningMathCore } from './support/running-math-core';

const PATH = 'recommendations/presets';
const OFFERS = [
  madeOffer('h100-a', { price_per_hour: 2 }),
  madeOffer('h100-b', { price_per_hour: 3, provider: 'runpod', reliability_score: 0.99 }),
  madeOffer('h100-c', { price_per_hour: 5, compliance_tags: ['soc2', 'iso27001'] }),
  madeOffer('b200', { gpu_type: 'B200', gpu_family: 'B200', gpu_memory_gb: 180, price_per_hour: 6 }),
  madeOffer('4090', { gpu_type: 'RTX-4090', gpu_family: 'RTX 4090', gpu_memory_gb: 24, price_per_hour: 0.4 }),
];

/** Answers the list as providers does, of GPUs only: by substring of the model, cheapest first. */
class ListedOffers {
  offers: readonly ProviderItemDto[] = OFFERS;
  isDown = false;
  private readonly server = new LocalServer((request, reply) => {
    const query = new URL(request.url ?? '', 'http://list').searchParams;
    const wanted = (query.get('gpu_type') ?? '').toLowerCase();
    const items = this.offers.filter(({ gpu_type }) => gpu_type.toLowerCase().includes(wanted));
    reply.statusCode = this.isDown ? 500 : 200;
    reply.setHeader('content-type', 'application/json');
    reply.end(JSON.stringify({ total: items.length, items, meta: { version: '1', applied_filters: {} } }));
  });

  start(): Promise<string> {
    return this.server.start();
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}

describe('the presets', () => {
  const list = new ListedOffers();
  let math: RunningMathCore;

  beforeAll(async () => {
    math = await startMathCore({ env: { PROVIDERS_URL: await list.start() } });
  });
  afterAll(async () => {
    await math.stop();
    await list.stop();
  });

  const presets = (token: string | null = null) => math.ask<PresetListDto>(PATH, { token });

  it('are six, in one order, each with an offer, a baseline and a reason', async () => {
    const { status, body } = await presets();
    expect(status).toBe(200);
    expect(body.items.map(({ id, offer }) => [id, offer?.id])).toEqual([
      ['best_value', expect.any(String)],
      ['highest_performance', 'b200'],
      ['most_reliable', 'h100-b'],
      ['budget_friendly', '4090'],
      ['enterprise_grade', 'h100-c'],
      ['for_you', undefined],
    ]);
    for (const { offer, confidence, why } of body.items.slice(0, 5)) {
      expect(confidence).toBeGreaterThan(0);
      expect(why).not.toBe('');
      expect(OFFERS).toContainEqual(offer);
    }
  });

  it('compare an offer with the median of its GPU', async () => {
    const { body } = await presets();
    expect(body.items.find(({ id }) => id === 'enterprise_grade')).toMatchObject({
      savings_pct: -66.67,
      baseline: { label: 'Median of 3 on-demand offers of H100-SXM', price_per_hour: 3, currency: 'USD' },
    });
  });

  it('have one for who signed in, who is told that it knows nothing of them yet', async () => {
    const { body } = await math.ask<PresetListDto>(PATH);
    const own = body.items.find(({ id }) => id === 'for_you');
    expect(own?.offer).not.toBeNull();
    expect(own?.why).toContain('You have done nothing here yet');
    expect((await presets()).body.items.at(-1)).toMatchObject({
      offer: null,
      confidence: 0,
      why: 'Sign in to see it.',
    });
  });

  it('refuse a token that is none', async () => {
    expect((await presets('not.a.token')).status).toBe(401);
  });
});

it('answers 503 while no offers were ever read, and the last known ones, with a warning, once they were', async () => {
  const list = new ListedOffers();
  const url = await list.start();
  list.isDown = true;
  const math = await startMathCore({ env: { PROVIDERS_URL: url, MATH_PROVIDERS_BREAKER_FAILURES: '1000' } });
  try {
    expect((await math.ask(PATH, { token: null })).status).toBe(503);
    list.isDown = false;
    const known = await math.ask<PresetListDto>(PATH, { token: null });
    expect(known.body.warnings).toEqual([]);
    list.isDown = true;
    const later = Date.now() + 61_000;
    const clock = jest.spyOn(Date, 'now').mockImplementation(() => later);
    const { status, body } = await math.ask<PresetListDto>(PATH, { token: null });
    clock.mockRestore();
    expect(status).toBe(200);
    expect(body).toMatchObject({ items: known.body.items, as_of: known.body.as_of });
    expect(body.warnings.join()).toContain('last known');
  } finally {
    await math.stop();
    await list.stop();
  }
});
