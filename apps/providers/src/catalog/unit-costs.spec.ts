import fc from 'fast-check';
import { aRate, anOffer } from '../../test/support/an-offer';
import { unitCosts } from './unit-costs';

describe('what an offer costs by the unit', () => {
  it('is its price over what one GPU does, in six significant digits', () => {
    const rate = aRate({ tokensPerSecond: 103.1942, gflops: 989_500 });
    expect(unitCosts(anOffer({ pricePerHour: 2.49 }), rate)).toEqual({
      costPerToken: 0.00000670257,
      costPerGflop: 0.00000251642,
    });
  });

  it('is that of one GPU, however many are sold together', () => {
    const [one, eight] = [1, 8].map((gpuCount) => unitCosts(anOffer({ gpuCount }), aRate()));
    expect(one).toEqual(eight);
    expect(unitCosts(anOffer({ gpuCount: null }), aRate())).toEqual(one);
  });

  it('is not known without a rate', () => {
    expect(unitCosts(anOffer(), undefined)).toEqual({ costPerToken: null, costPerGflop: null });
    expect(unitCosts(anOffer(), aRate({ tokensPerSecond: null, reason: 'does_not_fit' }))).toEqual({
      costPerToken: null,
      costPerGflop: expect.any(Number),
    });
  });

  it('is no cost per token where a part of a GPU is sold', () => {
    expect(unitCosts(anOffer({ gpuCount: 0.5 }), aRate())).toEqual({
      costPerToken: null,
      costPerGflop: expect.any(Number),
    });
  });

  it('never falls when the price rises, and never rises with the speed', () => {
    const price = fc.integer({ min: 1, max: 1_000_000 }).map((value) => value / 10_000);
    const speed = fc.double({ min: 0.01, max: 10_000, noNaN: true });
    fc.assert(
      fc.property(price, price, speed, speed, (a, b, slow, quick) => {
        const cost = (pricePerHour: number, tokensPerSecond: number) =>
          unitCosts(anOffer({ pricePerHour }), aRate({ tokensPerSecond })).costPerToken ?? Number.NaN;
        expect(cost(Math.min(a, b), slow)).toBeLessThanOrEqual(cost(Math.max(a, b), slow));
        expect(cost(a, Math.max(slow, quick))).toBeLessThanOrEqual(cost(a, Math.min(slow, quick)));
      }),
    );
  });
});
