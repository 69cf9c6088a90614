import { Injectable } from '@nestjs/common';
import type { AccessClaims, TokenPairDto } from '@gpubroker/contracts/auth';
import { Database } from '@gpubroker/persistence/database';
import { TOKEN_TRUST, verifyToken, type TokenTrust } from '@gpubroker/platform/auth';
import { ApiError, isApiError } from '@gpubroker/platform/errors';
import { InjectLogger } from '@gpubroker/platform/logging';
import { Inject } from '@nestjs/common';
import type { Logger } from 'pino';
import type { EntityManager } from 'typeorm';
import { isMember } from '../accounts/account';
import { AccountsService } from '../accounts/accounts.service';
import { AuditTrail } from '../audit/audit-trail';
import type { Opened } from './session.opener';
import { SessionStore } from './session.store';
import { bySomebody, ofSession } from './sign-in-entries';
import { TokenIssuer } from './token.issuer';
import type { Visitor } from './visitor';

@Injectable()
export class SessionsService {
  constructor(
    private readonly database: Database,
    private readonly accounts: AccountsService,
    private readonly store: SessionStore,
    private readonly tokens: TokenIssuer,
    private readonly trail: AuditTrail,
    @Inject(TOKEN_TRUST) private readonly trust: TokenTrust,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /** @throws ApiError UNAUTHENTICATED or TOKEN_EXPIRED */
  async refresh(refreshToken: string, visitor: Visitor): Promise<TokenPairDto> {
    const { jti, fph } = await verifyToken(refreshToken, 'refresh', this.trust, visitor);
    // Thrown after the commit: inside, the end of the session would be rolled back with it.
    const continued = await this.database.inTransaction((manager) => this.continue(manager, jti, visitor));
    if (!continued) throw new ApiError('UNAUTHENTICATED', 'Sign in again');
    // An unbound session stays unbound, whatever this request calls itself.
    return this.tokens.issue(continued, fph === undefined ? undefined : visitor.fingerprint);
  }

  /** Ends the caller's session, and the one of the refresh token when that is the caller's too. */
  async logout(caller: AccessClaims, refreshToken: string | undefined, visitor: Visitor): Promise<void> {
    const other = refreshToken === undefined ? null : await this.sessionOf(refreshToken, caller.uid, visitor);
    await this.database.inTransaction(async (manager) => {
      const ended = other === null || other === caller.sid ? [caller.sid] : [caller.sid, other];
      for (const sid of ended) await this.store.revoke(manager, sid, caller.uid);
      const user = { id: caller.uid, tenantId: caller.tenant_id };
      for (const sid of ended) await this.trail.record(manager, ofSession('session.closed', sid, user, visitor));
    });
  }

  private async continue(manager: EntityManager, jti: string, visitor: Visitor): Promise<Opened | null> {
    const use = await this.store.use(manager, jti);
    if (use.kind === 'unknown') return null;
    const { sid, userId } = use;
    if (use.kind === 'reused') {
      await this.trail.record(manager, {
        ...bySomebody('token.reuse_detected', userId, visitor),
        details: { session_id: sid },
      });
      this.logger.warn({ user_id: userId, session: sid }, 'a refresh token was used again; the session is over');
      return null;
    }
    const user = await this.accounts.findById(userId, manager);
    if (!user?.isActive || !isMember(user)) {
      await this.store.revoke(manager, sid, userId);
      return null;
    }
    return { member: user, sid, refreshId: await this.store.addToken(manager, sid, userId) };
  }

  /** Null for a token that is none or somebody else's: logging out is not refused for it. */
  private async sessionOf(refreshToken: string, uid: string, visitor: Visitor): Promise<string | null> {
    try {
      const claims = await verifyToken(refreshToken, 'refresh', this.trust, visitor);
      return claims.uid === uid ? claims.sid : null;
    } catch (error) {
      if (isApiError(error) && error.status === 401) return null;
      throw error;
    }
  }
}
