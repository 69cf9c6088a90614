import fc from 'fast-check';
import { retryDelay } from './retry-delay';

const plain = { baseDelayMs: 100, maxDelayMs: 1_000, jitter: 'none' } as const;
const jittered = { ...plain, jitter: 'full' } as const;

describe('retryDelay', () => {
  it.each([
    [1, 100],
    [2, 200],
    [4, 800],
    [5, 1_000],
    [2_000, 1_000],
  ])('after attempt %p waits %p ms without jitter', (attempt, expected) => {
    expect(retryDelay(plain, attempt, null, 0.5)).toBe(expected);
  });

  it('takes the random share of the doubled delay with full jitter', () => {
    expect(retryDelay(jittered, 3, null, 0.25)).toBe(100);
  });

  it('waits at least as long as the peer asked', () => {
    expect(retryDelay(jittered, 1, 700, 0.5)).toBe(700);
  });

  it('gives up when the peer asks for more than the longest wait', () => {
    expect(retryDelay(jittered, 1, 1_001, 0.5)).toBeNull();
  });

  it('never waits longer than the longest wait', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 100 }),
        fc.option(fc.integer({ min: 0, max: 1_000 })),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (attempt, retryAfterMs, random) => {
          const delay = retryDelay(jittered, attempt, retryAfterMs, random) ?? NaN;
          expect(delay).toBeGreaterThanOrEqual(retryAfterMs ?? 0);
          expect(delay).toBeLessThanOrEqual(1_000);
        },
      ),
    );
  });
});
