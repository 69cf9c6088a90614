import { DatabaseUnavailableError } from './database-errors';

export interface WaitLimits {
  /** Longest wait in ms; undefined waits until `closing` aborts. */
  readonly ms: number | undefined;
  readonly closing: AbortSignal;
}

/**
 * The work's result, if it comes before the time is up and before the owner closes.
 * The timer is set by hand: Node 20 may collect `AbortSignal.any([…, AbortSignal.timeout(ms)])` before its time, which then
 * never fires, and a service without a database would not start.
 * @throws DatabaseUnavailableError when the wait ends first
 */
export async function waitForServer<T>(work: Promise<T>, { ms, closing }: WaitLimits): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  let giveUp: () => void = () => undefined;
  const givenUp = new Promise<never>((_resolve, reject) => {
    giveUp = () => {
      reject(new DatabaseUnavailableError());
    };
    if (ms !== undefined) timer = setTimeout(giveUp, ms);
    closing.addEventListener('abort', giveUp, { once: true });
    if (closing.aborted) giveUp();
  });
  try {
    return await Promise.race([work, givenUp]);
  } finally {
    clearTimeout(timer);
    closing.removeEventListener('abort', giveUp);
  }
}
