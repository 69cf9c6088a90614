import { isTimeoutError, TimeoutError } from './timeout.error';
import { withTimeout } from './timeout.policy';

const never = (): Promise<never> => new Promise(() => undefined);

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('withTimeout', () => {
  it('gives back the answer of a call that is quick enough, and leaves no timer', async () => {
    await expect(withTimeout(() => Promise.resolve(7), 100)).resolves.toBe(7);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('gives up a call that ignores its signal', async () => {
    const result = withTimeout(never, 100).catch((error: unknown) => error);
    await jest.advanceTimersByTimeAsync(100);
    const error = await result;
    expect(isTimeoutError(error)).toBe(true);
    expect(error).toMatchObject({ name: 'TimeoutError', timeoutMs: 100, message: 'no answer within 100 ms' });
  });

  it('aborts the signal of the call, with the time-out as its reason', async () => {
    let seen: AbortSignal | undefined;
    const result = withTimeout((signal) => ((seen = signal), never()), 100).catch((error: unknown) => error);
    await jest.advanceTimersByTimeAsync(100);
    expect(seen?.reason).toBe(await result);
  });

  it('says time-out even when the call answers its abort with an error of its own', async () => {
    const call = (signal: AbortSignal): Promise<never> =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          reject(new Error('socket closed'));
        });
      });
    const result = withTimeout(call, 100).catch((error: unknown) => error);
    await jest.advanceTimersByTimeAsync(100);
    expect(await result).toBeInstanceOf(TimeoutError);
  });

  it('drops an error that comes after the time-out', async () => {
    const unhandled = jest.fn();
    process.on('unhandledRejection', unhandled);
    const call = (): Promise<never> =>
      new Promise((_, reject) => {
        setTimeout(() => {
          reject(new Error('late'));
        }, 200);
      });
    const result = withTimeout(call, 100).catch((error: unknown) => error);
    await jest.advanceTimersByTimeAsync(300);
    expect(await result).toBeInstanceOf(TimeoutError);
    expect(unhandled).not.toHaveBeenCalled();
    process.off('unhandledRejection', unhandled);
  });

  it('ends with the reason of the caller who aborts first', async () => {
    const caller = new AbortController();
    const result = withTimeout(never, 100, caller.signal);
    caller.abort(new Error('client went away'));
    await expect(result).rejects.toThrow('client went away');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('makes an error of a reason that is none', async () => {
    const caller = new AbortController();
    const result = withTimeout(never, 100, caller.signal);
    caller.abort('shutdown');
    await expect(result).rejects.toThrow('aborted: shutdown');
  });

  it('leaves no listener on a signal that outlives the call', async () => {
    const { signal } = new AbortController();
    const remove = jest.spyOn(signal, 'removeEventListener');
    await withTimeout(() => Promise.resolve(), 100, signal);
    expect(remove).toHaveBeenCalledTimes(1);
  });

  it.each([0, -1, NaN, Infinity, 2_147_483_648])('refuses %p ms', async (ms) => {
    await expect(withTimeout(never, ms)).rejects.toThrow(RangeError);
  });
});

describe('isTimeoutError', () => {
  it('says no to the error of AbortSignal.timeout, which has the same name', () => {
    expect(isTimeoutError(new DOMException('The operation timed out', 'TimeoutError'))).toBe(false);
  });
});
