import { retry, type RetryPolicy } from './retry.policy';

function setUp(overrides: Partial<RetryPolicy> = {}) {
  const waits: number[] = [];
  const policy: RetryPolicy = {
    attempts: 4,
    baseDelayMs: 100,
    maxDelayMs: 1_000,
    jitter: 'none',
    retryable: () => true,
    sleep: (ms) => (waits.push(ms), Promise.resolve()),
    ...overrides,
  };
  return { waits, policy };
}

const failing = () => jest.fn((attempt: number) => Promise.reject(new Error(`attempt ${attempt}`)));

describe('retry', () => {
  it('gives back the first answer without waiting', async () => {
    const { waits, policy } = setUp();
    await expect(retry((attempt) => Promise.resolve(attempt), policy)).resolves.toBe(1);
    expect(waits).toEqual([]);
  });

  it('calls again until it succeeds, doubling the wait', async () => {
    const { waits, policy } = setUp();
    const call = (attempt: number) => (attempt < 4 ? Promise.reject(new Error('busy')) : Promise.resolve(attempt));
    await expect(retry(call, policy)).resolves.toBe(4);
    expect(waits).toEqual([100, 200, 400]);
  });

  it('throws the last error when the attempts are used up', async () => {
    const call = failing();
    await expect(retry(call, setUp().policy)).rejects.toThrow('attempt 4');
    expect(call).toHaveBeenCalledTimes(4);
  });

  it('throws an error that is not retryable at once', async () => {
    const call = failing();
    await expect(retry(call, setUp({ retryable: () => false }).policy)).rejects.toThrow('attempt 1');
    expect(call).toHaveBeenCalledTimes(1);
  });

  it('waits as long as the peer asked', async () => {
    const { waits, policy } = setUp({ attempts: 2, retryAfterMs: () => 900 });
    await expect(retry(failing(), policy)).rejects.toThrow('attempt 2');
    expect(waits).toEqual([900]);
  });

  it('does not call again when the peer asks for too long a wait', async () => {
    const call = failing();
    await expect(retry(call, setUp({ retryAfterMs: () => 60_000 }).policy)).rejects.toThrow('attempt 1');
    expect(call).toHaveBeenCalledTimes(1);
  });

  it('spreads the waits at random when no jitter is named', async () => {
    const { waits, policy } = setUp({ jitter: undefined, random: () => 0.5 });
    await expect(retry(failing(), policy)).rejects.toThrow();
    expect(waits).toEqual([50, 100, 200]);
  });

  it('does not call at all for a caller that is gone', async () => {
    const call = failing();
    const signal = AbortSignal.abort(new Error('client went away'));
    await expect(retry(call, setUp({ signal }).policy)).rejects.toThrow('client went away');
    expect(call).not.toHaveBeenCalled();
  });

  it('does not call again after the caller aborted during a call', async () => {
    const caller = new AbortController();
    const call = jest.fn(() => (caller.abort(), Promise.reject(new Error('aborted call'))));
    await expect(retry(call, setUp({ signal: caller.signal }).policy)).rejects.toThrow('aborted call');
    expect(call).toHaveBeenCalledTimes(1);
  });

  it('stops waiting when the caller aborts', async () => {
    const caller = new AbortController();
    const call = failing();
    const result = retry(
      call,
      setUp({ signal: caller.signal, sleep: undefined, baseDelayMs: 60_000, maxDelayMs: 60_000 }).policy,
    );
    setImmediate(() => {
      caller.abort(new Error('client went away'));
    });
    await expect(result).rejects.toThrow('client went away');
    expect(call).toHaveBeenCalledTimes(1);
  });

  it('really waits when no sleep is given', async () => {
    const began = performance.now();
    await expect(retry(failing(), setUp({ attempts: 2, sleep: undefined, baseDelayMs: 30 }).policy)).rejects.toThrow();
    expect(performance.now() - began).toBeGreaterThanOrEqual(29);
  });

  it.each([0, 1.5, NaN])('refuses %p attempts', async (attempts) => {
    await expect(retry(failing(), setUp({ attempts }).policy)).rejects.toThrow(RangeError);
  });
});
