import { auditEvents, type AuditEvent } from '@gpubroker/contracts/events';
import { EventContext, EventHandlers, OnEvent } from '@gpubroker/events/handlers';
import { Inbox } from '@gpubroker/events/inbox';
import { Database } from '@gpubroker/persistence/database';
import { AUTH_SCHEMA } from '../auth.database';
import type { AuditEntry } from './audit-entry';
import { AuditTrail } from './audit-trail';
import type { Json } from './canonical-json';

/** Replicas of auth share the audit entries of the other services under this name. */
export const CONSUMER_GROUP = 'auth';

/** Entries of the other services enter the chain, each once however often it is delivered (SPEC A8). */
@EventHandlers()
export class AuditEventHandlers {
  private readonly inbox = new Inbox(AUTH_SCHEMA, CONSUMER_GROUP);

  constructor(
    private readonly database: Database,
    private readonly trail: AuditTrail,
  ) {}

  @OnEvent(auditEvents)
  async onAuditEvent(event: AuditEvent, context: EventContext): Promise<void> {
    await this.database.inTransaction(async (manager) => {
      await this.inbox.onceOnly(manager, context.event.id, async () => {
        const known = await this.trail.knownActor(manager, event.user_id, event.tenant_id);
        await this.trail.record(manager, toEntry(event, known), new Date(event.at));
      });
    });
  }
}

interface KnownActor {
  readonly userId: string | null;
  readonly tenantId: string | null;
}

/** An actor whom auth does not know is named in the details: refusing the entry would lose what he did. */
function toEntry(event: AuditEvent, known: KnownActor): AuditEntry {
  return {
    action: event.action,
    resourceType: event.resource_type,
    resourceId: event.resource_id,
    ...known,
    ip: event.ip,
    details: {
      ...(event.details as Record<string, Json>),
      ...(known.userId === null && event.user_id !== null && { unknown_user_id: event.user_id }),
      ...(known.tenantId === null && event.tenant_id !== null && { unknown_tenant_id: event.tenant_id }),
    },
  };
}
