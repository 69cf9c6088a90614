import { aRate } from '../../test/support/an-offer';
import { changedRates } from './changed-rates';

const known = new Map([['H100-SXM', aRate()]]);

describe('rates that changed', () => {
  it('are those of models that had none', () => {
    expect(changedRates(known, [aRate(), aRate({ gpuType: 'A40' })])).toEqual([aRate({ gpuType: 'A40' })]);
  });

  it.each([
    { tokensPerSecond: 100.001 },
    { tokensPerSecond: null },
    { gflops: 2 },
    { gpuModel: null },
    { reason: 'unknown_gpu' as const },
    { assumptions: { ...aRate().assumptions, engine: 'vllm' } },
  ])('are those that say %j', (change) => {
    expect(changedRates(known, [aRate(change)])).toEqual([aRate(change)]);
    expect(changedRates(new Map([['H100-SXM', aRate(change)]]), [aRate()])).toEqual([aRate()]);
  });

  it('are not those that differ in the last bits, or in the order of members', () => {
    const { model, ...others } = aRate().assumptions;
    expect(changedRates(known, [aRate({ tokensPerSecond: 100 + 1e-12, assumptions: { ...others, model } })])).toEqual(
      [],
    );
    const blank = aRate({ tokensPerSecond: null, gflops: null });
    expect(changedRates(new Map([['H100-SXM', blank]]), [blank])).toEqual([]);
  });
});
