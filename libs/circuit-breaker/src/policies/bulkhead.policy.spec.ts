import { isBulkheadFullError } from './bulkhead-full.error';
import { Bulkhead } from './bulkhead.policy';

const never = (): Promise<never> => new Promise(() => undefined);

describe('Bulkhead', () => {
  it('refuses the call above its limit without running it', async () => {
    const bulkhead = new Bulkhead({ name: 'peer', limit: 2 });
    void bulkhead.execute(never);
    void bulkhead.execute(never);
    const third = jest.fn(never);
    const error: unknown = await bulkhead.execute(third).catch((reason: unknown) => reason);
    expect(isBulkheadFullError(error)).toBe(true);
    expect(error).toMatchObject({ bulkhead: 'peer', limit: 2 });
    expect(third).not.toHaveBeenCalled();
    expect(bulkhead.inFlight).toBe(2);
  });

  it('gives the place of an ended call to the next, whether it succeeded or failed', async () => {
    const bulkhead = new Bulkhead({ name: 'peer', limit: 1 });
    await expect(bulkhead.execute(() => Promise.resolve(1))).resolves.toBe(1);
    await expect(bulkhead.execute(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await expect(bulkhead.execute(() => Promise.resolve(2))).resolves.toBe(2);
    expect(bulkhead.inFlight).toBe(0);
  });

  it.each([0, 1.5, NaN])('refuses a limit of %p', (limit) => {
    expect(() => new Bulkhead({ name: 'peer', limit })).toThrow(RangeError);
  });
});

describe('isBulkheadFullError', () => {
  it.each([new Error('no'), null, { isBulkheadFullError: true }])('says no to %p', (value) => {
    expect(isBulkheadFullError(value)).toBe(false);
  });
});
