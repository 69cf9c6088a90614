import { MemoryRateLimiter } from '@gpubroker/platform/limits';
import { limiterConformance } from './rate-limiter.conformance';

describe('the limiter in memory', () => {
  limiterConformance(
    () => {
      let time = 1_000;
      return {
        limiter: new MemoryRateLimiter({ now: () => time }),
        now: () => time,
        pass: (ms) => {
          time += ms;
          return Promise.resolve();
        },
      };
    },
    { windowMs: 1_000, runs: 300 },
  );

  it('forgets callers whose requests count no more', async () => {
    let time = 0;
    const limiter = new MemoryRateLimiter({ now: () => time });
    for (let at = 0; at < 500; at += 1) await limiter.take(`old-${String(at)}`, 5, 100);
    time = 1_000;
    for (let at = 0; at < 300; at += 1) await limiter.take('new', 5, 100);
    expect(limiter.size).toBe(1);
  });

  it('forgets the caller unseen for the longest when it is full', async () => {
    const limiter = new MemoryRateLimiter({ now: () => 0, maxKeys: 2 });
    await limiter.take('first', 1, 100);
    await limiter.take('second', 1, 100);
    await limiter.take('first', 1, 100);
    await limiter.take('third', 1, 100);
    expect(limiter.size).toBe(2);
    expect((await limiter.take('first', 1, 100)).allowed).toBe(false);
  });

  it('holds no more requests than it may', async () => {
    const limiter = new MemoryRateLimiter({ now: () => 0, maxEntries: 100 });
    for (let at = 0; at < 50; at += 1)
      for (let sent = 0; sent < 5; sent += 1) await limiter.take(`key-${String(at)}`, 10, 100);
    expect(limiter.size).toBeLessThanOrEqual(20);
  });

  it('takes as long for a full log as for an empty one', async () => {
    let time = 0;
    const limiter = new MemoryRateLimiter({ now: () => (time += 0.01) });
    const begun = performance.now();
    for (let sent = 0; sent < 200_000; sent += 1) await limiter.take('busy', 1_000, 5);
    expect((performance.now() - begun) / 200_000).toBeLessThan(0.02);
  });
});
