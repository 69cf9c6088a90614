import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { recoveryHash } from './recovery-codes';

/** users.mfa_enabled and mfa_secret, and in schema auth what was used of them. */
@Injectable()
export class SecondFactorStore {
  /** Two answers of one person are weighed one after the other, so that parallel guesses meet the delay of the first. */
  async lock(manager: EntityManager, userId: string): Promise<void> {
    await manager.query("SELECT pg_advisory_xact_lock(hashtextextended('auth.mfa:' || $1, 0))", [userId]);
  }

  /** A secret that is not asked for yet, and the codes that come with it; what was there before works no more. */
  async propose(manager: EntityManager, userId: string, sealed: string, codes: readonly string[]): Promise<void> {
    await this.setSecret(manager, userId, sealed);
    await this.forget(manager, userId);
    await manager.query('INSERT INTO auth.recovery_codes (hash, user_id) SELECT unnest($2::bytea[]), $1', [
      userId,
      codes.map(recoveryHash),
    ]);
  }

  /** One conditional UPDATE: of all who bring the code of a step, the first has it, and no earlier step comes after. */
  async takeStep(manager: EntityManager, userId: string, step: number): Promise<boolean> {
    const rows: unknown[] = await manager.query(
      `INSERT INTO auth.second_factors (user_id, last_step) VALUES ($1, $2)
       ON CONFLICT (user_id) DO UPDATE SET last_step = excluded.last_step
       WHERE auth.second_factors.last_step < excluded.last_step RETURNING 1`,
      [userId, step],
    );
    return rows.length > 0;
  }

  async takeRecoveryCode(manager: EntityManager, userId: string, code: string): Promise<boolean> {
    const [taken]: [unknown[], number] = await manager.query(
      `UPDATE auth.recovery_codes SET used_at = now() WHERE hash = $1 AND user_id = $2 AND used_at IS NULL RETURNING 1`,
      [recoveryHash(code), userId],
    );
    return taken.length > 0;
  }

  async turnOn(manager: EntityManager, userId: string): Promise<void> {
    await manager.query('UPDATE public.users SET mfa_enabled = true, updated_at = now() WHERE id = $1', [userId]);
  }

  async turnOff(manager: EntityManager, userId: string): Promise<void> {
    await manager.query(
      'UPDATE public.users SET mfa_enabled = false, mfa_secret = NULL, updated_at = now() WHERE id = $1',
      [userId],
    );
    await this.forget(manager, userId);
  }

  async setSecret(manager: EntityManager, userId: string, sealed: string): Promise<void> {
    await manager.query('UPDATE public.users SET mfa_secret = $2, updated_at = now() WHERE id = $1', [userId, sealed]);
  }

  private async forget(manager: EntityManager, userId: string): Promise<void> {
    await manager.query('DELETE FROM auth.recovery_codes WHERE user_id = $1', [userId]);
    await manager.query('DELETE FROM auth.second_factors WHERE user_id = $1', [userId]);
  }
}
