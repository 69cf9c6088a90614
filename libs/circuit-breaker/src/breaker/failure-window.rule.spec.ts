import fc from 'fast-check';
import { FailureWindowRule } from './failure-window.rule';

const rule = { failures: 5, withinMs: 30_000 };

function tripsAt(times: readonly number[]): number | null {
  const window = new FailureWindowRule(rule);
  return times.find((time) => window.failure(time)) ?? null;
}

describe('FailureWindowRule', () => {
  it.each([
    ['five at one instant', [7, 7, 7, 7, 7], 7],
    ['five over thirty seconds exactly', [0, 1, 2, 3, 30_000], 30_000],
    ['five over thirty seconds and a millisecond', [0, 1, 2, 3, 30_001], null],
    ['four', [0, 1, 2, 3], null],
    ['five, eight seconds apart', [0, 8_000, 16_000, 24_000, 32_000], null],
    ['a sixth that makes five within the window', [0, 10_000, 20_000, 30_001, 35_000, 40_000], 40_000],
    ['five an hour apart', [0, 3_600_000, 7_200_000, 10_800_000, 14_400_000], null],
    [
      'ten hours of quiet after four, then five',
      [0, 1, 2, 3, 36_000_000, 36_000_001, 36_000_002, 36_000_003, 36_000_004],
      36_000_004,
    ],
  ])('%s', (_, times, expected) => {
    expect(tripsAt(times)).toBe(expected);
  });

  it('trips exactly at the first failure that closes a window of five', () => {
    const gap = fc.oneof(fc.integer({ min: 0, max: 9_000 }), fc.constantFrom(0, 7_500, 30_000, 30_001));
    fc.assert(
      fc.property(fc.array(gap, { maxLength: 40 }), (gaps) => {
        let now = 0;
        const times = gaps.map((ms) => (now += ms));
        const expected = times.find((time, i) => i >= 4 && time - (times[i - 4] ?? NaN) <= 30_000) ?? null;
        expect(tripsAt(times)).toBe(expected);
      }),
    );
  });

  it('counts from nothing after a reset', () => {
    const window = new FailureWindowRule(rule);
    for (const time of [0, 1, 2, 3]) window.failure(time);
    window.reset();
    expect([4, 5, 6, 7, 8].map((time) => window.failure(time))).toEqual([false, false, false, false, true]);
  });
});
