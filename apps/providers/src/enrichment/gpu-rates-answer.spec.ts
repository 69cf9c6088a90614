import { aRate } from '../../test/support/an-offer';
import { readGpuRates } from './gpu-rates-answer';

const item = {
  gpu_type: 'H100-SXM',
  gpu_count: 1,
  gpu_model: 'H100-SXM',
  tokens_per_second: 100,
  tokens_per_second_range: { low: 80, high: 120 },
  confidence: 0.8,
  gflops: 1_000_000,
  reason: null,
};
const answer = (...items: unknown[]) => ({ assumptions: aRate().assumptions, items });

describe("math-core's answer", () => {
  it('gives the rate of each GPU that was asked for', () => {
    expect(readGpuRates(answer(item), ['H100-SXM'])).toEqual([aRate()]);
    expect(readGpuRates(answer(), [])).toEqual([]);
  });

  it('may know nothing of a GPU', () => {
    const unknown = { ...item, gpu_model: null, tokens_per_second: null, gflops: null, reason: 'unknown_gpu' };
    expect(readGpuRates(answer(unknown), ['H100-SXM'])).toMatchObject([{ tokensPerSecond: null, gflops: null }]);
  });

  it.each([
    ['leaves one out', answer(item), ['H100-SXM', 'A40']],
    ['answers for another', answer(item), ['A40']],
    ['answers for more than was asked', answer(item, item), ['H100-SXM']],
    ['answers for two GPUs at once', answer({ ...item, gpu_count: 2 }), ['H100-SXM']],
    ['has a speed of zero', answer({ ...item, tokens_per_second: 0 }), ['H100-SXM']],
    ['has a text for a number', answer({ ...item, gflops: '5' }), ['H100-SXM']],
    ['has a reason that nobody knows', answer({ ...item, reason: 'tired' }), ['H100-SXM']],
    ['says not what it assumes', { items: [item] }, ['H100-SXM']],
    ['is no object', null, []],
  ])('is none when it %s', (_what, given, models) => {
    expect(readGpuRates(given, models)).toBeNull();
  });
});
