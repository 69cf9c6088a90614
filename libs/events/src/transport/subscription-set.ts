import type { RunningSubscription, SubscriptionHealth, TransportHealth } from './event-transport';

/** One subscriber as its transport runs it. */
export interface SubscriptionMember {
  /** Resolves when everything appended from now on will be delivered. */
  start(): Promise<void>;
  close(): Promise<void>;
  health(): SubscriptionHealth;
}

/** The subscriptions of one transport. */
export class SubscriptionSet {
  private readonly members = new Set<SubscriptionMember>();

  /** Starts it, and ends it when `signal` aborts, also when it has not found its log yet. */
  async start(member: SubscriptionMember, signal: AbortSignal | undefined): Promise<RunningSubscription> {
    this.members.add(member);
    const started = member.start();
    const close = async (): Promise<void> => {
      await member.close();
      this.members.delete(member);
    };
    if (signal?.aborted) void close();
    else signal?.addEventListener('abort', () => void close(), { once: true });
    await started;
    return { close };
  }

  health(): TransportHealth {
    const subscriptions = [...this.members].map((member) => member.health());
    return { healthy: subscriptions.every(({ state }) => state !== 'stalled'), subscriptions };
  }

  async close(): Promise<void> {
    await Promise.all([...this.members].map((member) => member.close()));
    this.members.clear();
  }
}
