import { z } from 'zod';
import type { VaultClient } from './vault.client';

const looked = z.object({ data: z.object({ ttl: z.number().min(0), renewable: z.boolean().default(false) }) });
const renewed = z.object({ auth: z.object({ lease_duration: z.number().min(0) }) });

/** Also where the token lives long: one whose renewal was taken back is noticed within this time. */
const LONGEST_WAIT_MS = 3_600_000;
const SHORTEST_WAIT_MS = 1_000;
const RETRY_MS = 10_000;

/** Renews a token at half its time; one that never ends (ttl 0) is left alone. */
export class VaultTokenKeeper {
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly client: Pick<VaultClient, 'call'>,
    private readonly onProblem: (error: unknown) => void,
  ) {}

  start(): void {
    void this.keep(() => this.look());
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private async keep(work: () => Promise<number | null>): Promise<void> {
    try {
      const ttlSeconds = await work();
      if (ttlSeconds !== null) this.next(ttlSeconds * 500, () => this.renew());
    } catch (error) {
      if (this.stopped) return;
      this.onProblem(error);
      this.next(RETRY_MS, work);
    }
  }

  /** @returns seconds that the token lives on; null when nothing is to be done about it */
  private async look(): Promise<number | null> {
    const { ttl, renewable } = looked.parse(await this.client.call('GET', 'auth/token/lookup-self')).data;
    if (ttl === 0) return null;
    if (renewable) return ttl;
    this.onProblem(new Error(`the Vault token ends in ${ttl} s and cannot be renewed`));
    return null;
  }

  private async renew(): Promise<number> {
    const answer = await this.client.call('POST', 'auth/token/renew-self', {});
    return renewed.parse(answer).auth.lease_duration;
  }

  private next(waitMs: number, work: () => Promise<number | null>): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => void this.keep(work), Math.min(Math.max(waitMs, SHORTEST_WAIT_MS), LONGEST_WAIT_MS));
    this.timer.unref();
  }
}
