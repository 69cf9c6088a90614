import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { asMember, type Member } from '../accounts/account';
import { AccountsService } from '../accounts/accounts.service';
import { TenantsService } from '../accounts/tenants.service';
import type { UserEntity } from '../accounts/user.entity';
import { AuditTrail } from '../audit/audit-trail';
import { SessionStore, type OpenSession } from './session.store';
import { ofSession } from './sign-in-entries';
import { KnownPlaces } from './known-places';
import type { Visitor } from './visitor';

export interface Opened extends OpenSession {
  readonly member: Member;
}

export type SignInProof = 'password' | 'code' | 'recovery_code';

/** The last step of every way to sign in. */
@Injectable()
export class SessionOpener {
  constructor(
    private readonly accounts: AccountsService,
    private readonly tenants: TenantsService,
    private readonly sessions: SessionStore,
    private readonly places: KnownPlaces,
    private readonly trail: AuditTrail,
  ) {}

  /** @param by what the user proved to be himself with; last in its transaction, as the audit trail wants it */
  async open(manager: EntityManager, user: UserEntity, visitor: Visitor, by: SignInProof): Promise<Opened> {
    if (user.tenantId === null) await this.tenants.giveTenant(manager, user);
    await manager.query('UPDATE public.users SET last_login = now() WHERE id = $1', [user.id]);
    const present = await this.accounts.findById(user.id, manager);
    const session = await this.sessions.open(manager, user.id);
    const member = asMember(present ?? user);
    await this.places.remember(manager, user.email, visitor);
    await this.trail.record(manager, ofSession('session.opened', session.sid, member, visitor, { by }));
    return { ...session, member };
  }
}
