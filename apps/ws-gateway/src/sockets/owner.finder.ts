import { Inject, Injectable } from '@nestjs/common';
import { authenticate, BearerStrategy, TOKEN_TRUST, type TokenTrust } from '@gpubroker/platform/auth';
import { ApiError } from '@gpubroker/platform/errors';
import { credentialsOf, TenantTermsBook } from '@gpubroker/platform/limits';
import type { FastifyRequest } from 'fastify';
import { TicketsService } from '../tickets/tickets.service';
import type { SocketOwner } from './socket-owner';

const ANONYMOUS: SocketOwner = { kind: 'address' };

/** Who wants a socket: the bearer of a token or of a ticket, or nobody in particular. What is sent must be good (SPEC W3). */
@Injectable()
export class OwnerFinder {
  private readonly strategy: BearerStrategy;

  constructor(
    @Inject(TOKEN_TRUST) private readonly trust: TokenTrust,
    private readonly terms: TenantTermsBook,
    private readonly tickets: TicketsService,
  ) {
    this.strategy = new BearerStrategy(trust);
  }

  /** @throws ApiError UNAUTHENTICATED, TOKEN_EXPIRED, or SERVICE_UNAVAILABLE while no key could be had yet */
  async find(request: FastifyRequest): Promise<SocketOwner> {
    if (request.headers.authorization !== undefined) return this.byToken(request);
    const ticket = ticketOf(request);
    return ticket === undefined ? ANONYMOUS : this.byTicket(ticket);
  }

  private async byToken(request: FastifyRequest): Promise<SocketOwner> {
    const claims = await authenticate(this.strategy, request);
    const { wsLimit } = await this.terms.settled(claims, credentialsOf(request.headers));
    return { kind: 'user', claims, wsLimit };
  }

  private async byTicket(ticket: string | null): Promise<SocketOwner> {
    const holder = ticket === null ? null : await this.tickets.redeem(ticket);
    // The session may have ended since the ticket was given.
    if (holder === null || this.trust.revocations?.isRevoked(holder.claims))
      throw new ApiError('UNAUTHENTICATED', 'The ticket is not valid: ask for a new one');
    const { claims } = holder;
    return { kind: 'user', claims, wsLimit: this.terms.knownOf(claims.tenant_id)?.wsLimit ?? holder.wsLimit };
  }
}

/** null: there is one, but it cannot be any of ours. */
function ticketOf({ query }: FastifyRequest): string | null | undefined {
  const { ticket } = query as Record<string, unknown>;
  if (ticket === undefined) return undefined;
  return typeof ticket === 'string' ? ticket : null;
}
