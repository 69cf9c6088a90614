import { createHash, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { AccessClaims } from '@gpubroker/contracts/auth';
import { TICKET_SECONDS, type SocketTicketDto } from '@gpubroker/contracts/sockets';
import { TenantTermsBook, type Credentials } from '@gpubroker/platform/limits';
import type { TicketHolder, TicketStore } from './ticket.store';

export const TICKET_STORE = Symbol('TICKET_STORE');

/** Longer than any ticket of ours; hashing a megabyte is work that nobody asked for. */
const MAX_LENGTH = 128;

/** Browsers cannot send a token with an upgrade: they trade it for a ticket that works once (SPEC W3). */
@Injectable()
export class TicketsService {
  constructor(
    @Inject(TICKET_STORE) private readonly store: TicketStore,
    private readonly terms: TenantTermsBook,
  ) {}

  async issue(claims: AccessClaims, credentials: Credentials): Promise<SocketTicketDto> {
    const { wsLimit } = await this.terms.settled(claims, credentials);
    const ticket = randomBytes(32).toString('base64url');
    await this.store.put(hashOf(ticket), { claims, wsLimit });
    return { ticket, expires_in: TICKET_SECONDS };
  }

  redeem(ticket: string): Promise<TicketHolder | null> {
    return ticket.length > MAX_LENGTH ? Promise.resolve(null) : this.store.take(hashOf(ticket));
  }
}

const hashOf = (ticket: string): string => createHash('sha256').update(ticket).digest('base64url');
