import { isTimeoutError } from '../policies/timeout.error';
import { CircuitBreaker, type CircuitBreakerOptions } from './circuit-breaker';
import { CircuitOpenError, isCircuitOpenError } from './circuit-open.error';
import type { CircuitTransition } from './circuit-state';

const peerFailure = new Error('peer failed');

/** A breaker on a clock and timers that only move by advance(). */
function setUp(options: Partial<CircuitBreakerOptions> = {}) {
  let now = 1_000;
  const breaker = new CircuitBreaker({ name: 'peer', clock: { now: () => now }, ...options });
  const transitions: CircuitTransition[] = [];
  breaker.onTransition((transition) => transitions.push(transition));
  return {
    breaker,
    transitions,
    advance: async (ms: number) => {
      now += ms;
      await jest.advanceTimersByTimeAsync(ms);
    },
    succeed: () => breaker.execute(() => Promise.resolve('answer')),
    fail: (error: unknown = peerFailure) =>
      breaker.execute(() => Promise.reject(error as Error)).catch(() => undefined),
    /** A call that ends when told to. */
    begin: (callOptions: Parameters<CircuitBreaker['execute']>[1] = {}) => {
      const { promise, resolve, reject } = deferred();
      const result = breaker.execute(() => promise, callOptions).catch((error: unknown) => error);
      return {
        succeed: () => (resolve('answer'), result),
        fail: () => (reject(peerFailure), result),
        result,
      };
    },
  };
}

function deferred() {
  let resolve: (value: string) => void = () => undefined;
  let reject: (error: Error) => void = () => undefined;
  const promise = new Promise<string>((onValue, onError) => {
    resolve = onValue;
    reject = onError;
  });
  return { promise, resolve, reject };
}

async function setUpOpen(options: Partial<CircuitBreakerOptions> = {}) {
  const circuit = setUp(options);
  for (let i = 0; i < 5; i += 1) await circuit.fail();
  return circuit;
}

async function setUpHalfOpen(options: Partial<CircuitBreakerOptions> = {}) {
  const circuit = await setUpOpen(options);
  await circuit.advance(60_000);
  return circuit;
}

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('a closed circuit', () => {
  it('gives back what the call gives', async () => {
    await expect(setUp().succeed()).resolves.toBe('answer');
  });

  it('throws the error of the call itself', async () => {
    await expect(setUp().breaker.execute(() => Promise.reject(peerFailure))).rejects.toBe(peerFailure);
  });

  it('takes a call that throws before it returns a promise for a failed call', async () => {
    const { breaker } = setUp({ rule: { failures: 1 } });
    const call = (): Promise<never> => {
      throw peerFailure;
    };
    await expect(breaker.execute(call)).rejects.toBe(peerFailure);
    expect(breaker.state.kind).toBe('open');
  });

  it('opens after five failures within thirty seconds', async () => {
    const { breaker, fail, advance } = setUp();
    for (const gap of [0, 7_500, 7_500, 7_500, 7_500]) {
      expect(breaker.state).toEqual({ kind: 'closed' });
      await advance(gap);
      await fail();
    }
    expect(breaker.state).toEqual({ kind: 'open', openedAt: 31_000 });
  });

  it('stays closed when the fifth failure comes 30.001 s after the first', async () => {
    const { breaker, fail, advance } = setUp();
    for (const gap of [0, 7_500, 7_500, 7_500, 7_501]) {
      await advance(gap);
      await fail();
    }
    expect(breaker.state).toEqual({ kind: 'closed' });
  });

  it('opens after five failures however many successes lie between them', async () => {
    const { breaker, fail, succeed } = setUp();
    for (let i = 0; i < 5; i += 1) {
      for (let success = 0; success < 20; success += 1) await succeed();
      await fail();
    }
    expect(breaker.state.kind).toBe('open');
  });

  it('does not count an error that isFailure calls an answer', async () => {
    const { breaker, fail } = setUp({ isFailure: (error) => error === peerFailure });
    for (let i = 0; i < 10; i += 1) await fail(new Error('not found'));
    expect(breaker.state.kind).toBe('closed');
  });

  it('counts an error on which isFailure itself breaks, and throws the error of the call', async () => {
    const isFailure = (): boolean => {
      throw new TypeError('classifier');
    };
    const { breaker } = setUp({ rule: { failures: 1 }, isFailure });
    await expect(breaker.execute(() => Promise.reject(peerFailure))).rejects.toBe(peerFailure);
    expect(breaker.state.kind).toBe('open');
  });

  it('counts a time-out whatever isFailure says', async () => {
    const { breaker, begin, advance } = setUp({ rule: { failures: 1 }, isFailure: () => false });
    const { result } = begin({ timeoutMs: 100 });
    await advance(100);
    expect(isTimeoutError(await result)).toBe(true);
    expect(breaker.state.kind).toBe('open');
  });

  it('does not limit a call that brings no time-out', async () => {
    const { breaker, begin, advance } = setUp();
    const call = begin();
    await advance(3_600_000);
    await expect(call.succeed()).resolves.toBe('answer');
    expect(breaker.state.kind).toBe('closed');
  });

  it('does not count the abort of the caller, and ends the call with its reason', async () => {
    const { breaker, begin } = setUp({ rule: { failures: 1 } });
    const caller = new AbortController();
    const { result } = begin({ signal: caller.signal });
    const reason = new Error('client went away');
    caller.abort(reason);
    await expect(result).resolves.toBe(reason);
    expect(breaker.state.kind).toBe('closed');
  });

  it('aborts the signal of the call when the caller aborts', async () => {
    const { breaker } = setUp();
    const caller = new AbortController();
    let seen: AbortSignal | undefined;
    const result = breaker.execute((signal) => ((seen = signal), deferred().promise), { signal: caller.signal });
    caller.abort(new Error('client went away'));
    await expect(result).rejects.toThrow('client went away');
    expect(seen?.aborted).toBe(true);
  });

  it('does not run the call of a caller that is gone already', async () => {
    const call = jest.fn(() => Promise.resolve());
    const signal = AbortSignal.abort(new Error('client went away'));
    await expect(setUp().breaker.execute(call, { signal })).rejects.toThrow('client went away');
    expect(call).not.toHaveBeenCalled();
  });

  it('refuses a time-out that no timer can hold, without counting it', async () => {
    const { breaker, succeed } = setUp({ rule: { failures: 1 } });
    await expect(breaker.execute(() => Promise.resolve(), { timeoutMs: Infinity })).rejects.toThrow(RangeError);
    expect(breaker.state.kind).toBe('closed');
    await succeed();
  });
});

describe('an open circuit', () => {
  it('refuses without calling, and says when to come back', async () => {
    const { breaker, advance } = await setUpOpen();
    await advance(20_000);
    const call = jest.fn(() => Promise.resolve());
    await expect(breaker.execute(call)).rejects.toMatchObject({
      name: 'CircuitOpenError',
      circuit: 'peer',
      retryAfterMs: 40_000,
      message: 'circuit "peer" is open',
    });
    expect(call).not.toHaveBeenCalled();
  });

  it('is still open a millisecond before its sixty seconds are over', async () => {
    const { breaker, advance } = await setUpOpen();
    await advance(59_999);
    expect(breaker.state.kind).toBe('open');
    await expect(breaker.execute(() => Promise.resolve())).rejects.toMatchObject({ retryAfterMs: 1 });
  });

  it('is half open sixty seconds later', async () => {
    const { breaker, advance } = await setUpOpen();
    await advance(60_000);
    expect(breaker.state).toEqual({ kind: 'half_open', trialsInFlight: 0, trialSuccesses: 0 });
  });

  it('is not moved by the results of calls that began before it opened', async () => {
    const { breaker, begin, fail, advance } = setUp();
    const lateSuccess = begin();
    const lateFailure = begin();
    for (let i = 0; i < 5; i += 1) await fail();
    const opened = breaker.state;
    await advance(1_000);
    await lateSuccess.succeed();
    await lateFailure.fail();
    expect(breaker.state).toEqual(opened);
  });
});

describe('a half-open circuit', () => {
  it('lets three trials through at once and refuses the fourth at once', async () => {
    const { breaker, begin } = await setUpHalfOpen();
    begin();
    begin();
    begin();
    expect(breaker.state).toEqual({ kind: 'half_open', trialsInFlight: 3, trialSuccesses: 0 });
    const fourth = jest.fn(() => Promise.resolve());
    await expect(breaker.execute(fourth)).rejects.toMatchObject({ name: 'CircuitOpenError', retryAfterMs: 1_000 });
    expect(fourth).not.toHaveBeenCalled();
  });

  it('starts no more trials than the verdict needs', async () => {
    const { breaker, begin } = await setUpHalfOpen();
    const first = begin();
    begin();
    begin();
    await first.succeed();
    expect(breaker.state).toEqual({ kind: 'half_open', trialsInFlight: 2, trialSuccesses: 1 });
    await expect(breaker.execute(() => Promise.resolve())).rejects.toThrow(CircuitOpenError);
  });

  it('closes after three successes', async () => {
    const { breaker, succeed } = await setUpHalfOpen();
    await succeed();
    await succeed();
    expect(breaker.state).toEqual({ kind: 'half_open', trialsInFlight: 0, trialSuccesses: 2 });
    await succeed();
    expect(breaker.state).toEqual({ kind: 'closed' });
  });

  it('takes an uncounted error for the answer of a working peer', async () => {
    const { breaker, fail } = await setUpHalfOpen({ isFailure: (error) => error === peerFailure });
    for (let i = 0; i < 3; i += 1) await fail(new Error('not found'));
    expect(breaker.state.kind).toBe('closed');
  });

  it('opens for another sixty seconds after one failure', async () => {
    const { breaker, succeed, fail, advance } = await setUpHalfOpen();
    await succeed();
    await succeed();
    await fail();
    expect(breaker.state).toEqual({ kind: 'open', openedAt: 61_000 });
    await advance(59_999);
    expect(breaker.state.kind).toBe('open');
    await advance(1);
    expect(breaker.state).toEqual({ kind: 'half_open', trialsInFlight: 0, trialSuccesses: 0 });
  });

  it('takes a trial that never ends for a failure at its time-out', async () => {
    const { breaker, begin, advance } = await setUpHalfOpen();
    const { result } = begin({ timeoutMs: 3_000 });
    await advance(2_999);
    expect(breaker.state.kind).toBe('half_open');
    await advance(1);
    expect(isTimeoutError(await result)).toBe(true);
    expect(breaker.state).toEqual({ kind: 'open', openedAt: 64_000 });
  });

  it('gives a trial that brings no time-out the open time as one', async () => {
    const { breaker, begin, advance } = await setUpHalfOpen();
    const { result } = begin();
    await advance(59_999);
    expect(breaker.state.kind).toBe('half_open');
    await advance(1);
    expect(await result).toMatchObject({ name: 'TimeoutError', timeoutMs: 60_000 });
    expect(breaker.state.kind).toBe('open');
  });

  it('gives the place of an aborted trial to the next', async () => {
    const { breaker, begin } = await setUpHalfOpen();
    const caller = new AbortController();
    const aborted = begin({ signal: caller.signal });
    begin();
    begin();
    caller.abort();
    await aborted.result;
    expect(breaker.state).toEqual({ kind: 'half_open', trialsInFlight: 2, trialSuccesses: 0 });
    begin();
    expect(breaker.state).toEqual({ kind: 'half_open', trialsInFlight: 3, trialSuccesses: 0 });
  });

  it('is not moved by the result of a trial of an earlier half-open time', async () => {
    const { breaker, begin, fail, advance } = await setUpHalfOpen();
    const lateSuccess = begin({ timeoutMs: 600_000 });
    const lateFailure = begin({ timeoutMs: 600_000 });
    await fail();
    await advance(60_000);
    begin();
    await lateSuccess.succeed();
    await lateFailure.fail();
    expect(breaker.state).toEqual({ kind: 'half_open', trialsInFlight: 1, trialSuccesses: 0 });
  });

  it('is not closed by a success of the closed time before it', async () => {
    const { breaker, begin, fail, advance } = setUp({ rule: { trials: 1 } });
    const late = begin();
    for (let i = 0; i < 5; i += 1) await fail();
    await advance(60_000);
    expect(breaker.state.kind).toBe('half_open');
    await late.succeed();
    expect(breaker.state.kind).toBe('half_open');
  });
});

describe('a circuit that closed again', () => {
  it('counts failures from nothing', async () => {
    const { breaker, succeed, fail } = await setUpHalfOpen({ rule: { withinMs: 3_600_000 } });
    for (let i = 0; i < 3; i += 1) await succeed();
    for (let i = 0; i < 4; i += 1) await fail();
    expect(breaker.state.kind).toBe('closed');
    await fail();
    expect(breaker.state.kind).toBe('open');
  });
});

describe('transitions', () => {
  it('are told in order, with name and time', async () => {
    const { transitions, advance, fail, succeed } = await setUpOpen();
    await advance(60_000);
    await fail();
    await advance(60_000);
    for (let i = 0; i < 3; i += 1) await succeed();
    expect(transitions).toEqual([
      { name: 'peer', from: 'closed', to: 'open', at: 1_000 },
      { name: 'peer', from: 'open', to: 'half_open', at: 61_000 },
      { name: 'peer', from: 'half_open', to: 'open', at: 61_000 },
      { name: 'peer', from: 'open', to: 'half_open', at: 121_000 },
      { name: 'peer', from: 'half_open', to: 'closed', at: 121_000 },
    ]);
  });

  it('are not told to a listener that was taken off', async () => {
    const { breaker, fail } = setUp({ rule: { failures: 1 } });
    const listener = jest.fn();
    breaker.onTransition(listener)();
    await fail();
    expect(listener).not.toHaveBeenCalled();
  });

  it('keep the answer of the call when a listener throws, and warn of it', async () => {
    const { breaker, succeed } = await setUpHalfOpen({ rule: { trials: 1 } });
    const broken = new Error('listener broke');
    const warning = jest.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    breaker.onTransition(() => {
      throw broken;
    });
    await expect(succeed()).resolves.toBe('answer');
    expect(warning).toHaveBeenCalledWith(broken);
    warning.mockRestore();
  });

  it('let a listener begin a trial without a place being counted twice', async () => {
    const { breaker, advance, begin } = await setUpOpen();
    breaker.onTransition(({ to }) => {
      if (to === 'half_open') begin();
    });
    await advance(60_000);
    begin();
    expect(breaker.state).toEqual({ kind: 'half_open', trialsInFlight: 2, trialSuccesses: 0 });
  });
});

describe('isCircuitOpenError', () => {
  it('knows an error of another copy of this package by its brand', () => {
    const foreign = Object.assign(new Error('circuit "x" is open'), { isCircuitOpenError: true });
    expect(isCircuitOpenError(foreign)).toBe(true);
  });

  it.each([new Error('no'), null, undefined, 'text', { isCircuitOpenError: true }])('says no to %p', (value) => {
    expect(isCircuitOpenError(value)).toBe(false);
  });
});

it('runs on a monotonic clock of its own when none is given', async () => {
  const breaker = new CircuitBreaker({ name: 'peer', rule: { failures: 1 } });
  await breaker.execute(() => Promise.reject(peerFailure)).catch(() => undefined);
  jest.advanceTimersByTime(59_999);
  expect(breaker.state.kind).toBe('open');
  jest.advanceTimersByTime(1);
  expect(breaker.state.kind).toBe('half_open');
});
