import type { AccessClaims } from '@gpubroker/contracts/auth';

/** What a ticket stands for: who asked for it, and how many sockets the tenant may have. */
export interface TicketHolder {
  readonly claims: AccessClaims;
  readonly wsLimit: number;
}

/** Tickets by their hashes: whoever reads the store cannot use one. */
export interface TicketStore {
  put(hash: string, holder: TicketHolder): Promise<void>;
  /** Of many who ask at once exactly one gets it. @returns null when there is none: never was, used, or too old */
  take(hash: string): Promise<TicketHolder | null>;
}
