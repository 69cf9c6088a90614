import { z } from 'zod';
import type { EventContract } from './event-contract';
import { timeValue } from './wire-values';

const auditEventSchema = z.object({
  /** Null when nobody signed in caused it; auth then files it under its system user and tenant. */
  user_id: z.uuid().nullable(),
  tenant_id: z.uuid().nullable(),
  action: z.string().min(1),
  resource_type: z.string().min(1),
  resource_id: z.string().nullable().default(null),
  details: z.record(z.string(), z.json()).default({}),
  ip: z.string().nullable().default(null),
  at: timeValue,
});

export type AuditEvent = z.infer<typeof auditEventSchema>;

/** An entry for the audit chain from a service other than auth, which owns the chain. */
export const auditEvents: EventContract<AuditEvent> = {
  topic: 'audit_events',
  version: 1,
  versions: { 1: auditEventSchema },
  compacted: false,
  // One key for a tenant's entries: the chain shows them in the order in which they happened there.
  key: (event) => event.tenant_id ?? 'system',
};
