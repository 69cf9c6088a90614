import { auditEvents } from '@gpubroker/contracts/events';
import { appendToOutbox, newEvent } from '@gpubroker/events/outbox';
import { traceparent } from '@gpubroker/platform/tracing';
import type { EntityManager } from 'typeorm';
import { PROVIDERS_SCHEMA } from '../recording/write-offers.sql';
import type { StoredStatus } from './integration-view';
import type { IntegrationKey } from './integration.store';

/** Who did it; null: the service itself, when a cloud was asked again. */
export interface Actor {
  readonly userId: string;
  readonly ip: string;
}

export type IntegrationAction =
  'integration.created' | 'integration.replaced' | 'integration.removed' | 'integration.checked';

/** The last statement of the transaction that makes it true. Holds the cloud and the status, and nothing of the key. */
export async function auditIntegration(
  manager: EntityManager,
  action: IntegrationAction,
  { tenantId, provider }: IntegrationKey,
  actor: Actor | null,
  status: StoredStatus | null,
): Promise<void> {
  const trace = traceparent();
  const event = newEvent(
    auditEvents,
    {
      user_id: actor?.userId ?? null,
      tenant_id: tenantId,
      action,
      resource_type: 'integration',
      resource_id: provider,
      details: status === null ? {} : { status },
      ip: actor?.ip ?? null,
      at: new Date().toISOString(),
    },
    trace === undefined ? {} : { traceparent: trace },
  );
  await appendToOutbox(manager, PROVIDERS_SCHEMA, [event]);
}
