import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { MFA_TOKEN_SECONDS } from '@gpubroker/contracts/auth';
import type { EntityManager } from 'typeorm';

/** Wrong codes that one mfa_token survives, less one. */
const FAILURES = 5;

/** auth.mfa_challenges: sign-ins whose password was right and whose code is awaited. */
@Injectable()
export class ChallengeStore {
  /** @returns its id, the jti of the mfa_token */
  async open(manager: EntityManager, userId: string): Promise<string> {
    const id = randomUUID();
    await manager.query(
      `INSERT INTO auth.mfa_challenges (id, user_id, expires_at) VALUES ($1, $2, now() + make_interval(secs => $3))`,
      [id, userId, MFA_TOKEN_SECONDS],
    );
    return id;
  }

  /** Whether a code may still answer it. */
  async isOpen(manager: EntityManager, id: string, userId: string): Promise<boolean> {
    const rows: unknown[] = await manager.query(
      `SELECT 1 FROM auth.mfa_challenges
       WHERE id = $1 AND user_id = $2 AND answered_at IS NULL AND failures < $3 AND expires_at > now()`,
      [id, userId, FAILURES],
    );
    return rows.length > 0;
  }

  async fail(manager: EntityManager, id: string): Promise<void> {
    await manager.query('UPDATE auth.mfa_challenges SET failures = failures + 1 WHERE id = $1', [id]);
  }

  /** The password that was right for them is no more. */
  async endAll(manager: EntityManager, userId: string): Promise<void> {
    await manager.query('DELETE FROM auth.mfa_challenges WHERE user_id = $1', [userId]);
  }

  async close(manager: EntityManager, id: string): Promise<void> {
    await manager.query('UPDATE auth.mfa_challenges SET answered_at = now() WHERE id = $1', [id]);
  }
}
