/**
 * How far a tenant's key of a cloud is known to work. `unverified`: it is kept, and the cloud could not be asked yet.
 * `invalid`: the cloud refused it, or it can no longer be read.
 */
export const INTEGRATION_STATUSES = ['not_configured', 'ok', 'unverified', 'invalid'] as const;
export type IntegrationStatus = (typeof INTEGRATION_STATUSES)[number];
