export { IntegrationDto, IntegrationListDto, StoreIntegrationDto } from './integration.dto';
export { INTEGRATION_STATUSES, type IntegrationStatus } from './integration-terms';
