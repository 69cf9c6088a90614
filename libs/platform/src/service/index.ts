export { defineService, type ServiceConfig, type ServiceDefinition, type ServiceEnv } from './service-definition';
export { describeApi, OPENAPI_PATH } from './openapi';
export { runService, startFailure } from './run-service';
export { startService, type RunningService, type StartOptions } from './start-service';
