import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until `check` holds; after `ms` fails with what it said last. */
export async function eventually(check: () => Promise<void> | void, ms = 30_000): Promise<void> {
  const deadline = Date.now() + ms;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await sleep(20);
    }
  }
}
