import { setFlagsFromString } from 'node:v8';
import { setTimeout as sleep } from 'node:timers/promises';
import { runInNewContext } from 'node:vm';
import { DatabaseUnavailableError } from './database-errors';
import { waitForServer } from './wait-for-server';

const never = new Promise<never>(() => undefined);

describe('waitForServer', () => {
  it('hands on the result, and the failure, of the work', async () => {
    const limits = { ms: 1_000, closing: new AbortController().signal };

    expect(await waitForServer(Promise.resolve(7), limits)).toBe(7);
    await expect(waitForServer(Promise.reject(new Error('no')), limits)).rejects.toThrow('no');
  });

  it('gives up in time, though the garbage is collected meanwhile', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const began = performance.now();
    const waiting = waitForServer(never, { ms: 300, closing: new AbortController().signal });
    const outcome = waiting.then(
      () => 'answered',
      (error: unknown) => error,
    );
    for (let round = 0; round < 5; round += 1) {
      collect();
      await sleep(10);
    }

    expect(await outcome).toBeInstanceOf(DatabaseUnavailableError);
    expect(performance.now() - began).toBeGreaterThanOrEqual(290);
  });

  it('gives up when its owner closes, or has closed', async () => {
    const closing = new AbortController();
    const waiting = waitForServer(never, { ms: undefined, closing: closing.signal });
    closing.abort();

    await expect(waiting).rejects.toThrow(DatabaseUnavailableError);
    await expect(waitForServer(never, { ms: 60_000, closing: closing.signal })).rejects.toThrow(
      DatabaseUnavailableError,
    );
  });
});
