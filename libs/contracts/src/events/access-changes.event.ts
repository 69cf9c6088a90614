import { z } from 'zod';
import { PLANS } from '../auth/auth-terms';
import type { EventContract } from './event-contract';
import { timeValue } from './wire-values';

const sessionEndedSchema = z.object({
  kind: z.literal('session_ended'),
  /** `sid` of every token of the session. */
  session_id: z.uuid(),
  user_id: z.uuid(),
  at: timeValue,
});

const userChangedSchema = z.object({
  kind: z.literal('user_changed'),
  user_id: z.uuid(),
  is_active: z.boolean(),
  /** Tokens issued before this second are refused, whatever their exp; null: none has to be. */
  tokens_not_before: timeValue.nullable(),
  at: timeValue,
});

const tenantChangedSchema = z.object({
  kind: z.literal('tenant_changed'),
  tenant_id: z.uuid(),
  plan: z.enum(PLANS),
  /** Requests per second. */
  rate_limit_rps: z.int().nonnegative(),
  /** Sockets open at once. */
  ws_limit: z.int().nonnegative(),
  is_active: z.boolean(),
  at: timeValue,
});

const accessChangeSchema = z.discriminatedUnion('kind', [sessionEndedSchema, userChangedSchema, tenantChangedSchema]);

export type AccessChange = z.infer<typeof accessChangeSchema>;

/** What a token says no longer holds: a session is over, a user or a tenant is another than it was (SPEC S6). */
export const accessChanges: EventContract<AccessChange> = {
  topic: 'access_changes',
  version: 1,
  versions: { 1: accessChangeSchema },
  compacted: false,
  key: (change) => subjectOf(change),
};

function subjectOf(change: AccessChange): string {
  switch (change.kind) {
    case 'session_ended':
      return change.session_id;
    case 'user_changed':
      return change.user_id;
    case 'tenant_changed':
      return change.tenant_id;
  }
}
