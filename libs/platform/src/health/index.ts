export { HealthController } from './health.controller';
export { HealthRegistry, type HealthCheck, type HealthReport } from './health.registry';
export { HealthService, type HealthAnswer } from './health.service';
