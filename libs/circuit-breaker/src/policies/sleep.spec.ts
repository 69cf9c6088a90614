import { sleep } from './sleep';

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe('sleep', () => {
  it('leaves neither timer nor listener behind when it is over', async () => {
    const { signal } = new AbortController();
    const remove = jest.spyOn(signal, 'removeEventListener');
    const slept = sleep(100, signal);
    await jest.advanceTimersByTimeAsync(100);
    await slept;
    expect(jest.getTimerCount()).toBe(0);
    expect(remove).toHaveBeenCalledTimes(1);
  });

  it('leaves no timer behind when it is aborted', async () => {
    const caller = new AbortController();
    const slept = sleep(100, caller.signal);
    caller.abort(new Error('stop'));
    await expect(slept).rejects.toThrow('stop');
    expect(jest.getTimerCount()).toBe(0);
  });

  it('does not begin on a signal that is aborted', async () => {
    await expect(sleep(100, AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
    expect(jest.getTimerCount()).toBe(0);
  });
});
