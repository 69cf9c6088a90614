import type { RunningSubscription } from './event-transport';

/** Ends a subscription, also one that has not found its log yet, when `signal` aborts. */
export function closeOnAbort(subscription: RunningSubscription, signal: AbortSignal | undefined): void {
  if (signal === undefined) return;
  const close = (): void => void subscription.close();
  if (signal.aborted) close();
  else signal.addEventListener('abort', close, { once: true });
}
