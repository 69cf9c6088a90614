import type { AuditEntry } from '../audit/audit-entry';
import type { Json } from '../audit/canonical-json';
import type { Actor } from './actor.decorator';

/** Entries about what an administrator does with resources of one type. */
export const entriesAbout =
  (resourceType: string) =>
  (
    actor: Actor,
    action: string,
    resourceId: string | null,
    details: Readonly<Record<string, Json>> = {},
  ): AuditEntry => ({ ...actor, action, resourceType, resourceId, details });
