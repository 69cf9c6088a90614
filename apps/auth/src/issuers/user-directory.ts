import { Injectable } from '@nestjs/common';
import { Database } from '@gpubroker/persistence/database';
import type { ExternalDirectory, ExternalIdentity, ExternalToken } from '@gpubroker/platform/auth';
import { ApiError } from '@gpubroker/platform/errors';
import { isMember, rolesOf, type Member } from '../accounts/account';
import { AccountsService } from '../accounts/accounts.service';
import { AuditTrail } from '../audit/audit-trail';

/** Tokens whose first use is on record already; an older one that comes again is recorded again. */
const MOST_REMEMBERED = 10_000;

/** People of other issuers are the users who have the address that those verified; nobody is made by a token (SPEC A5). */
@Injectable()
export class UserDirectory implements ExternalDirectory {
  private readonly recorded = new Set<string>();

  constructor(
    private readonly database: Database,
    private readonly accounts: AccountsService,
    private readonly trail: AuditTrail,
  ) {}

  async find(_token: string, verified: ExternalToken): Promise<ExternalIdentity> {
    const user = await this.accounts.findByEmail(verified.email);
    if (!user?.isActive || !isMember(user)) throw new ApiError('UNAUTHENTICATED', 'Sign in to do this');
    await this.recordFirstUse(user, verified);
    const { id: uid, email: sub, tenantId: tenant_id, tenant } = user;
    return { sub, uid, tenant_id, roles: rolesOf(user), plan: tenant.plan };
  }

  private async recordFirstUse(user: Member, { issuer, sessionId }: ExternalToken): Promise<void> {
    if (this.recorded.has(sessionId)) return;
    await this.database.inTransaction((manager) =>
      this.trail.record(manager, {
        action: 'session.accepted',
        resourceType: 'session',
        resourceId: sessionId,
        userId: user.id,
        tenantId: user.tenantId,
        ip: null,
        details: { issuer },
      }),
    );
    if (this.recorded.size >= MOST_REMEMBERED) this.recorded.clear();
    this.recorded.add(sessionId);
  }
}
