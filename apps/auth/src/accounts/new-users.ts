import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { Role } from '@gpubroker/contracts/auth';
import { ApiError } from '@gpubroker/platform/errors';
import type { EntityManager } from 'typeorm';
import { normalEmail } from './account';
import { UserEntity } from './user.entity';

/** Django's mark for "no password here": the earlier release then lets nobody in by this column. */
const NO_DJANGO_PASSWORD = '!';

export interface NewUser {
  readonly email: string;
  readonly fullName: string;
  readonly organization: string | null;
  readonly passwordHash: string;
  readonly role: Role;
  readonly tenantId: string;
}

/** Rows of public.users, with every column that Django wants filled. */
@Injectable()
export class NewUsers {
  /** The table's own constraint knows only equal spellings: one user of an address passes at a time. */
  async lockAddress(manager: EntityManager, email: string): Promise<void> {
    await manager.query("SELECT pg_advisory_xact_lock(hashtextextended('auth.register:' || $1, 0))", [
      normalEmail(email),
    ]);
  }

  /**
   * @param except who may have the address already
   * @throws ApiError CONFLICT
   */
  async assertFree(manager: EntityManager, email: string, except: string | null = null): Promise<void> {
    await this.lockAddress(manager, email);
    const taken: unknown[] = await manager.query(
      'SELECT 1 FROM public.users WHERE lower(email) = $1 AND id IS DISTINCT FROM $2::uuid LIMIT 1',
      [normalEmail(email), except],
    );
    if (taken.length > 0) throw new ApiError('CONFLICT', 'This address is registered already');
  }

  /** Call it after `assertFree` in the same transaction. */
  insert(manager: EntityManager, { email, fullName, organization, passwordHash, role, tenantId }: NewUser) {
    const now = new Date();
    return manager.save(
      manager.create(UserEntity, {
        id: randomUUID(),
        email,
        password: NO_DJANGO_PASSWORD,
        passwordHash,
        fullName,
        organization,
        role,
        isSuperuser: false,
        isStaff: false,
        firstName: '',
        lastName: '',
        mfaEnabled: false,
        mfaSecret: null,
        isActive: true,
        lastLogin: null,
        dateJoined: now,
        createdAt: now,
        updatedAt: now,
        tenantId,
      }),
    );
  }
}
