import { setTimeout as sleep } from 'node:timers/promises';

export interface Patience {
  readonly timeoutMs?: number;
  readonly everyMs?: number;
}

/**
 * Asks again until the answer satisfies the condition.
 * @throws Error with the last answer when it never does within the time (default 15 s)
 */
export async function eventually<T>(
  ask: () => Promise<T>,
  holds: (answer: T) => boolean,
  { timeoutMs = 15_000, everyMs = 50 }: Patience = {},
): Promise<T> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const answer = await ask().catch((error: unknown) => error);
    if (!(answer instanceof Error) && holds(answer as T)) return answer as T;
    if (Date.now() > end)
      throw new Error(
        `not so after ${timeoutMs} ms: ${answer instanceof Error ? answer.message : JSON.stringify(answer).slice(0, 2_000)}`,
      );
    await sleep(everyMs);
  }
}
