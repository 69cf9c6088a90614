import { aRate, anOffer, facts } from '../../test/support/an-offer';
import { explainCosts } from './explain-costs';
import type { CostBasis } from './offer-facts';
import type { GpuRate } from './unit-costs';

const explained = (rate: Partial<GpuRate>, offer = anOffer(), mathCore: CostBasis['mathCore'] = 'answers') =>
  explainCosts(facts({ offer, costs: { rate: aRate(rate), mathCore } }));

describe('how unit costs are explained', () => {
  it('shows both divisions with what they assume', () => {
    expect(explained({ tokensPerSecond: 103.19424 }, anOffer({ pricePerHour: 2.49 }))).toEqual([
      'A generated token costs 0.00000670257 USD: 2.49 USD per GPU-hour over 3600 seconds of 103.194 tokens each, the estimated speed of one GPU with llama-2-7b in fp16 under llama.cpp, one request at a time, 128 tokens in and 512 out.',
      'One GFLOP per second held for an hour costs 0.00000249 USD: 2.49 USD per GPU-hour over the 1000000 GFLOP/s that one GPU does (dense FP16, or FP32 where that is not known).',
    ]);
  });

  it('says which card a family was taken for', () => {
    expect(explained({ gpuModel: 'A100-80GB-SXM' }, anOffer({ gpuType: 'A100' }))[0]).toBe(
      'For what it does by the second, A100 is taken as A100-80GB-SXM.',
    );
  });

  it('says how many requests are meant where it is not one', () => {
    const assumptions = { ...aRate().assumptions, batch: 8 };
    expect(explained({ assumptions })[0]).toContain('8 requests at a time');
  });

  it('says that figures are the last known ones while math-core is away', () => {
    expect(explained({}, anOffer(), 'away').at(-1)).toContain('the last known ones');
  });

  it.each([
    [{ gpuModel: null, gflops: null, reason: 'unknown_gpu' }, 'No benchmark knows H100-SXM'],
    [{ reason: 'unknown_bandwidth' }, 'No source gives the memory bandwidth of H100-SXM'],
    [{ reason: 'unknown_memory' }, 'No source gives the memory of H100-SXM'],
    [{ reason: 'does_not_fit' }, 'llama-2-7b in fp16 does not fit into one H100-SXM'],
    [{ reason: null }, 'What a token costs on it is not known.'],
  ] as const)('says why there is no cost per token: %j', (rate, words) => {
    expect(explained({ tokensPerSecond: null, ...rate })[0]).toContain(words);
  });

  it('says that a part of a GPU has none', () => {
    expect(explained({}, anOffer({ gpuCount: 0.25 }))[0]).toContain('a part of a GPU');
  });

  it('says that nothing is known yet, and nothing at all without enrichment', () => {
    expect(explainCosts(facts({ costs: { rate: undefined, mathCore: 'answers' } }))).toEqual([
      'What a token costs on it is not known yet: math-core has not said how fast its GPU is.',
    ]);
    expect(explained({}, anOffer(), 'off')).toEqual([]);
  });
});
