import { InsuredRateLimiter, MemoryRateLimiter, type RateLimiter } from '@gpubroker/platform/limits';
import { limiterConformance } from './rate-limiter.conformance';

const broken: RateLimiter = { take: () => Promise.reject(new Error('gone')) };
const insured = (shared: RateLimiter, up = true, time = () => 0) => {
  let local = 0;
  const limiter = new InsuredRateLimiter({
    shared,
    local: new MemoryRateLimiter({ now: time }),
    replicas: 3,
    isSharedUp: () => up,
    onLocal: () => (local += 1),
  });
  return { limiter, locals: () => local };
};
const accepted = async (limiter: RateLimiter, count: number, limit: number) => {
  const decisions = await Promise.all(Array.from({ length: count }, () => limiter.take('key', limit, 1_000)));
  return decisions.filter(({ allowed }) => allowed).length;
};

describe('the insured limiter, as long as the shared one answers', () => {
  limiterConformance(
    () => {
      let time = 1_000;
      return {
        limiter: insured(new MemoryRateLimiter({ now: () => time })).limiter,
        now: () => time,
        pass: (ms) => {
          time += ms;
          return Promise.resolve();
        },
      };
    },
    { windowMs: 1_000, runs: 20 },
  );
});

describe('the insured limiter without the shared one', () => {
  it('lets through its part of the limit, and no less than one', async () => {
    expect(await accepted(insured(broken).limiter, 50, 100)).toBe(33);
    expect(await accepted(insured(broken).limiter, 5, 2)).toBe(1);
  });

  it('does not ask it while it is known to be away', async () => {
    const never: RateLimiter = { take: () => Promise.reject(new Error('it was asked')) };
    const { limiter, locals } = insured(never, false);
    expect(await accepted(limiter, 50, 30)).toBe(10);
    expect(locals()).toBe(50);
  });

  it('still tells a caller who asks for nonsense', async () => {
    await expect(insured(new MemoryRateLimiter()).limiter.take('key', 0, 1_000)).rejects.toThrow(RangeError);
  });
});
