import fc from 'fast-check';
import { Backoff } from './backoff';

describe('Backoff', () => {
  it('doubles from 0.1 s to 2 s and begins again after a reset', () => {
    const backoff = new Backoff(() => 0);
    const waits = Array.from({ length: 7 }, () => backoff.next());
    backoff.reset();

    expect(waits).toEqual([100, 200, 400, 800, 1600, 2000, 2000]);
    expect(backoff.next()).toBe(100);
  });

  it('never waits less than half of that', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (random) => {
        const wait = new Backoff(() => random).next();
        return wait >= 50 && wait <= 100;
      }),
    );
  });
});
