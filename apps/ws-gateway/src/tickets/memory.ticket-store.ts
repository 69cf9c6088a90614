import { TICKET_SECONDS } from '@gpubroker/contracts/sockets';
import type { TicketHolder, TicketStore } from './ticket.store';

/** More than can be asked for in the life of one; the oldest go first. */
const MAX_TICKETS = 100_000;

/** For one process. */
export class MemoryTicketStore implements TicketStore {
  /** Oldest first: all live equally long, and a Map keeps the order in which keys came. */
  private readonly tickets = new Map<string, { readonly holder: TicketHolder; readonly until: number }>();

  constructor(private readonly now: () => number = () => performance.now()) {}

  put(hash: string, holder: TicketHolder): Promise<void> {
    this.tickets.set(hash, { holder, until: this.now() + TICKET_SECONDS * 1000 });
    this.forgetOld();
    return Promise.resolve();
  }

  take(hash: string): Promise<TicketHolder | null> {
    const found = this.tickets.get(hash);
    this.tickets.delete(hash);
    return Promise.resolve(found !== undefined && found.until > this.now() ? found.holder : null);
  }

  private forgetOld(): void {
    for (const [hash, { until }] of this.tickets) {
      if (until > this.now() && this.tickets.size <= MAX_TICKETS) return;
      this.tickets.delete(hash);
    }
  }
}
