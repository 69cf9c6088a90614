import { Injectable } from '@nestjs/common';
import { ApiError } from '@gpubroker/platform/errors';
import type { EntityManager } from 'typeorm';

/** The platform must never be left without somebody who can administer it (SPEC A9). */
@Injectable()
export class Administrators {
  /** Whoever changes what makes an administrator waits here for the others who do: two could else remove each other. */
  async lock(manager: EntityManager): Promise<void> {
    await manager.query("SELECT pg_advisory_xact_lock(hashtextextended('auth.administrators', 0))");
  }

  /**
   * After the change, in its transaction, under the lock.
   * @throws ApiError CONFLICT
   */
  async assertOneLeft(manager: EntityManager): Promise<void> {
    const left: unknown[] = await manager.query(
      `SELECT 1 FROM public.users u
       WHERE u.is_active AND (u.is_superuser OR u.role = 'admin')
         AND NOT EXISTS (SELECT 1 FROM auth.tenant_deactivations d WHERE d.tenant_id = u.tenant_id) LIMIT 1`,
    );
    if (left.length === 0) throw new ApiError('CONFLICT', 'Nobody would be left to administer the platform');
  }
}
