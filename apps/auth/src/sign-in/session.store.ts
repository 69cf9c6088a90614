import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { REFRESH_TOKEN_SECONDS } from '@gpubroker/contracts/auth';
import type { EntityManager } from 'typeorm';
import { AccessChangeLog } from '../revocation/access-change-log';

/** A session and the id of the one refresh token that continues it. */
export interface OpenSession {
  readonly sid: string;
  readonly refreshId: string;
}

/** What using a refresh token came to. */
export type Use =
  | { readonly kind: 'used'; readonly sid: string; readonly userId: string }
  | { readonly kind: 'reused'; readonly sid: string; readonly userId: string }
  | { readonly kind: 'unknown' };

/** auth.refresh_tokens. Ids are kept as hashes: whoever reads the table cannot refresh with it. */
@Injectable()
export class SessionStore {
  constructor(private readonly changes: AccessChangeLog) {}

  async open(manager: EntityManager, userId: string): Promise<OpenSession> {
    const sid = randomUUID();
    return { sid, refreshId: await this.addToken(manager, sid, userId) };
  }

  /** Call it only after `use` in the same transaction: a session has one token that works, by an index of the table. */
  async addToken(manager: EntityManager, sid: string, userId: string): Promise<string> {
    const refreshId = randomBytes(32).toString('base64url');
    await manager.query(
      `INSERT INTO auth.refresh_tokens (hash, family, user_id, expires_at)
       VALUES ($1, $2, $3, now() + make_interval(secs => $4))`,
      [hashOf(refreshId), sid, userId, REFRESH_TOKEN_SECONDS],
    );
    return refreshId;
  }

  /** Whether somebody signed in to it that lately; refreshing does not count. False for a session that is not ours. */
  async isOpenedWithin(manager: EntityManager, sid: string, seconds: number): Promise<boolean> {
    const [session]: [{ fresh: boolean | null }] = await manager.query(
      `SELECT min(issued_at) > now() - make_interval(secs => $2) AS fresh FROM auth.refresh_tokens WHERE family = $1`,
      [sid, seconds],
    );
    return session.fresh === true;
  }

  /**
   * One conditional UPDATE decides who of many is the first; the others wait for its row, find it used, and end the session
   * (SPEC S3). The transaction must be committed whatever comes of it.
   */
  async use(manager: EntityManager, refreshId: string): Promise<Use> {
    const [used]: [{ sid: string; userId: string }[], number] = await manager.query(
      `UPDATE auth.refresh_tokens SET used_at = now()
       WHERE hash = $1 AND used_at IS NULL AND revoked_at IS NULL AND expires_at > now()
       RETURNING family AS sid, user_id AS "userId"`,
      [hashOf(refreshId)],
    );
    if (used[0]) return { kind: 'used', ...used[0] };
    const known: { sid: string; userId: string }[] = await manager.query(
      'SELECT family AS sid, user_id AS "userId" FROM auth.refresh_tokens WHERE hash = $1',
      [hashOf(refreshId)],
    );
    if (!known[0]) return { kind: 'unknown' };
    await this.revoke(manager, known[0].sid, known[0].userId);
    return { kind: 'reused', ...known[0] };
  }

  /** Tells every service, because access tokens of the session may live for a while (SPEC S6). */
  async revoke(manager: EntityManager, sid: string, userId: string): Promise<void> {
    await manager.query('UPDATE auth.refresh_tokens SET revoked_at = now() WHERE family = $1 AND revoked_at IS NULL', [
      sid,
    ]);
    await this.changes.sessionEnded(manager, sid, userId);
  }

  /** All of a user's sessions but the one to keep; told as `revoke` does. */
  async revokeAll(manager: EntityManager, userId: string, keep: string | null): Promise<void> {
    const live: { sid: string }[] = await manager.query(
      `SELECT DISTINCT family AS sid FROM auth.refresh_tokens
       WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > now() AND family IS DISTINCT FROM $2::uuid`,
      [userId, keep],
    );
    for (const { sid } of live) await this.revoke(manager, sid, userId);
  }
}

const hashOf = (refreshId: string): Buffer => createHash('sha256').update(refreshId).digest();
