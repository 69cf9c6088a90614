import { auditEvents, type AuditEvent } from '@gpubroker/contracts/events';
import { appendToOutbox, newEvent, type SqlExecutor } from '@gpubroker/events/outbox';
import { traceparent } from '@gpubroker/platform/tracing';

export const MATH_CORE_SCHEMA = 'math_core';

/** Who does it and from where. */
export interface Actor {
  readonly userId: string;
  readonly tenantId: string;
  readonly ip: string;
}

export interface AuditEntry {
  readonly action: string;
  readonly resourceType: string;
  readonly resourceId: string | null;
  readonly details: AuditEvent['details'];
}

/** Inside the transaction that does it: what is rolled back was not done, what is done is recorded (SPEC A8). */
export async function recordInAudit(transaction: SqlExecutor, actor: Actor, entry: AuditEntry): Promise<void> {
  const trace = traceparent();
  const event = newEvent(
    auditEvents,
    {
      user_id: actor.userId,
      tenant_id: actor.tenantId,
      action: entry.action,
      resource_type: entry.resourceType,
      resource_id: entry.resourceId,
      details: entry.details,
      ip: actor.ip,
      at: new Date().toISOString(),
    },
    trace === undefined ? {} : { traceparent: trace },
  );
  await appendToOutbox(transaction, MATH_CORE_SCHEMA, [event]);
}
