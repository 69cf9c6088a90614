import fc from 'fast-check';
import type { RateDecision, RateLimiter } from '@gpubroker/platform/limits';

export interface LimiterUnderTest {
  readonly limiter: RateLimiter;
  /** The limiter's own clock, in ms. */
  now(): number;
  /** Lets that clock go on: by hand where it can be, by waiting where it cannot. */
  pass(ms: number): Promise<void>;
}

export interface ConformanceOptions {
  /** Length of the windows used, in ms; short where time has to be waited for. */
  readonly windowMs: number;
  readonly runs: number;
}

/** Between these two moments a request was accepted; the same one twice where the clock is a test's own. */
type Accepted = readonly [asked: number, answered: number];

/** The largest number of requests that were certainly accepted within one window [t, t + windowMs). */
function fullestWindow(accepted: readonly Accepted[], windowMs: number): number {
  return accepted.reduce(
    (most, [begin]) =>
      Math.max(most, accepted.filter(([asked, answered]) => asked >= begin && answered < begin + windowMs).length),
    0,
  );
}

/** What every filling of RateLimiter has to keep (SPEC S2). `make` gives an empty limiter, or one whose keys are unused. */
export function limiterConformance(make: () => LimiterUnderTest, { windowMs, runs }: ConformanceOptions): void {
  let serial = 0;
  const newKey = () => `key-${String((serial += 1))}`;

  it('never accepts more than the limit in any window', async () => {
    const arrivals = fc.array(fc.tuple(fc.nat(Math.ceil(windowMs / 4)), fc.integer({ min: 1, max: 8 })), {
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(arrivals, fc.integer({ min: 1, max: 10 }), async (bursts, limit) => {
        const { limiter, now, pass } = make();
        const key = newKey();
        const accepted: Accepted[] = [];
        for (const [gap, count] of bursts) {
          await pass(gap);
          for (let sent = 0; sent < count; sent += 1) {
            const asked = now();
            if ((await limiter.take(key, limit, windowMs)).allowed) accepted.push([asked, now()]);
          }
        }
        expect(fullestWindow(accepted, windowMs)).toBeLessThanOrEqual(limit);
      }),
      { numRuns: runs },
    );
  });

  it('never refuses a caller who sends 0.95 of the limit, evenly spaced', async () => {
    const { limiter, pass } = make();
    const key = newKey();
    for (let sent = 0; sent < 60; sent += 1) {
      expect((await limiter.take(key, 20, windowMs)).allowed).toBe(true);
      await pass(windowMs / 19);
    }
  });

  it('accepts after exactly the wait that it asked for', async () => {
    const { limiter, pass } = make();
    const key = newKey();
    for (let round = 0; round < 5; round += 1) {
      let decision: RateDecision;
      while ((decision = await limiter.take(key, 3, windowMs)).allowed) await pass(windowMs / 10);
      expect(decision.retryAfterMs).toBeGreaterThan(0);
      expect(decision.retryAfterMs).toBeLessThanOrEqual(windowMs);
      await pass(decision.retryAfterMs);
      expect((await limiter.take(key, 3, windowMs)).allowed).toBe(true);
    }
  });

  it('never contradicts itself in what it says is left', async () => {
    const { limiter } = make();
    const key = newKey();
    const decisions: RateDecision[] = [];
    for (let sent = 0; sent < 8; sent += 1) decisions.push(await limiter.take(key, 5, windowMs));
    expect(decisions.map(({ allowed, remaining }) => [allowed, remaining])).toEqual([
      [true, 4],
      [true, 3],
      [true, 2],
      [true, 1],
      [true, 0],
      [false, 0],
      [false, 0],
      [false, 0],
    ]);
    expect(decisions.every(({ limit, resetMs }) => limit === 5 && resetMs > 0 && resetMs <= windowMs)).toBe(true);
  });

  it('counts each key by itself', async () => {
    const { limiter } = make();
    const [one, other] = [newKey(), newKey()];
    expect((await limiter.take(one, 1, windowMs)).allowed).toBe(true);
    expect((await limiter.take(one, 1, windowMs)).allowed).toBe(false);
    expect((await limiter.take(other, 1, windowMs)).allowed).toBe(true);
  });

  it('accepts exactly the limit of many that come at once', async () => {
    const { limiter } = make();
    const key = newKey();
    const decisions = await Promise.all(Array.from({ length: 200 }, () => limiter.take(key, 50, windowMs)));
    expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(50);
  });

  it('follows a limit that changes', async () => {
    const { limiter, pass } = make();
    const key = newKey();
    for (let sent = 0; sent < 4; sent += 1) await limiter.take(key, 4, windowMs);
    expect((await limiter.take(key, 6, windowMs)).allowed).toBe(true);
    const lowered = await limiter.take(key, 2, windowMs);
    expect(lowered.allowed).toBe(false);
    await pass(lowered.retryAfterMs);
    expect((await limiter.take(key, 2, windowMs)).allowed).toBe(true);
  });

  it.each([0, -1, 1.5, Number.NaN])('refuses %p as a limit', async (limit) => {
    await expect(make().limiter.take(newKey(), limit, windowMs)).rejects.toThrow(RangeError);
  });
}
