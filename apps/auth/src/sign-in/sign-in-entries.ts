import type { AuditEntry } from '../audit/audit-entry';
import type { UserEntity } from '../accounts/user.entity';
import type { Visitor } from './visitor';

/** What a user did to the own account. */
export function byUser(
  action: string,
  user: Pick<UserEntity, 'id' | 'tenantId'>,
  { ip }: Visitor,
  details: AuditEntry['details'] = {},
): AuditEntry {
  return { action, resourceType: 'user', resourceId: user.id, userId: user.id, tenantId: user.tenantId, ip, details };
}

/** What became of a session. */
export function ofSession(
  action: string,
  sid: string,
  user: Pick<UserEntity, 'id' | 'tenantId'>,
  { ip }: Visitor,
  details: AuditEntry['details'] = {},
): AuditEntry {
  return { action, resourceType: 'session', resourceId: sid, userId: user.id, tenantId: user.tenantId, ip, details };
}

/**
 * What was tried on an account by somebody who did not prove to be its owner: the system's, not the owner's. Unknown addresses
 * take the same steps, and what was typed is kept nowhere, because people type their password there.
 */
export const bySomebody = (action: string, userId: string | null, { ip }: Visitor): AuditEntry => ({
  action,
  resourceType: 'user',
  resourceId: userId,
  userId: null,
  tenantId: null,
  ip,
});
