import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { asMember, type Member } from '../accounts/account';
import { AccountsService } from '../accounts/accounts.service';
import { TenantsService } from '../accounts/tenants.service';
import type { UserEntity } from '../accounts/user.entity';
import { SessionStore, type OpenSession } from './session.store';

export interface Opened extends OpenSession {
  readonly member: Member;
}

/** The last step of every way to sign in. */
@Injectable()
export class SessionOpener {
  constructor(
    private readonly accounts: AccountsService,
    private readonly tenants: TenantsService,
    private readonly sessions: SessionStore,
  ) {}

  async open(manager: EntityManager, user: UserEntity): Promise<Opened> {
    if (user.tenantId === null) await this.tenants.giveTenant(manager, user);
    const present = await this.accounts.findById(user.id, manager);
    const session = await this.sessions.open(manager, user.id);
    return { ...session, member: asMember(present ?? user) };
  }
}
