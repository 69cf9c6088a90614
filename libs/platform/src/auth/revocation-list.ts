import { ACCESS_TOKEN_SECONDS, type AccessClaims } from '@gpubroker/contracts/auth';
import type { AccessChange } from '@gpubroker/contracts/events';

/** Two machines' clocks, and the way of an event. */
const SKEW_MS = 60_000;
/** A token that was issued before a change has run out by itself after this long: nothing has to be remembered for longer. */
export const REMEMBER_MS = ACCESS_TOKEN_SECONDS * 1000 + SKEW_MS;

type Subject = Pick<AccessClaims, 'sid' | 'uid' | 'tenant_id' | 'iat'>;

interface Entry {
  /** Tokens issued before this are refused; Infinity: all of them. In ms. */
  readonly issuedBefore: number;
  readonly forgetAt: number;
}

/**
 * What was taken back before its time (SPEC S6): sessions that ended, users and tenants that changed. A token carries its rights
 * for 15 minutes; this is what is newer than the token.
 */
export class RevocationList {
  /** By subject, oldest change first: a Map keeps the order in which keys came. */
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly now: () => number = Date.now) {}

  note(change: AccessChange): void {
    const [subject, issuedBefore] = ruleOf(change);
    const forgetAt = Date.parse(change.at) + REMEMBER_MS;
    this.entries.delete(subject);
    if (issuedBefore !== null && forgetAt > this.now()) this.entries.set(subject, { issuedBefore, forgetAt });
    this.forgetOld();
  }

  isRevoked({ sid, uid, tenant_id, iat }: Subject): boolean {
    return [`session:${sid}`, `user:${uid}`, `tenant:${tenant_id}`].some((subject) => {
      const entry = this.entries.get(subject);
      return entry !== undefined && entry.forgetAt > this.now() && iat * 1000 < entry.issuedBefore;
    });
  }

  get size(): number {
    return this.entries.size;
  }

  private forgetOld(): void {
    for (const [subject, { forgetAt }] of this.entries) {
      if (forgetAt > this.now()) return;
      this.entries.delete(subject);
    }
  }
}

/** Subject, and until when its tokens must have been issued to be refused; null: none has to be. */
function ruleOf(change: AccessChange): readonly [subject: string, issuedBefore: number | null] {
  switch (change.kind) {
    case 'session_ended':
      return [`session:${change.session_id}`, Infinity];
    case 'user_changed': {
      const { is_active, tokens_not_before } = change;
      const notBefore = tokens_not_before === null ? null : Date.parse(tokens_not_before);
      return [`user:${change.user_id}`, is_active ? notBefore : Infinity];
    }
    case 'tenant_changed':
      return [`tenant:${change.tenant_id}`, change.is_active ? null : Infinity];
  }
}
