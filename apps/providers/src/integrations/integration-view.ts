import type { IntegrationDto, IntegrationStatus } from '@gpubroker/contracts/integrations';
import type { ProviderFacts } from '@gpubroker/provider-adapter/adapter';

export type StoredStatus = Exclude<IntegrationStatus, 'not_configured'>;
export type KeyProblem = 'refused' | 'unreadable';

/** What of a stored key may be shown. */
export interface IntegrationState {
  readonly status: StoredStatus;
  readonly problem: KeyProblem | null;
  readonly lastChecked: Date | null;
}

/** @param state null: the tenant has no key of this cloud */
export function integrationView(facts: ProviderFacts, state: IntegrationState | null): IntegrationDto {
  return {
    provider: facts.slug,
    provider_name: facts.displayName,
    credential_fields: [...facts.credentialFields],
    status: state?.status ?? 'not_configured',
    message: messageOf(facts.displayName, state),
    last_checked: state?.lastChecked?.toISOString() ?? null,
  };
}

function messageOf(cloud: string, state: IntegrationState | null): string {
  switch (state?.status) {
    case undefined:
      return 'No key is set';
    case 'ok':
      return `${cloud} accepts the key`;
    case 'unverified':
      return `${cloud} could not be asked about the key yet; it is asked again`;
    case 'invalid':
      return state.problem === 'unreadable'
        ? 'The stored key can no longer be read; set it again'
        : `${cloud} refuses the key; set another one`;
  }
}
