import { defineService, type ServiceDefinition } from '@gpubroker/platform/service';
import { API_GATEWAY_ENV, toApiGatewayConfig, type ApiGatewayConfig } from './api-gateway.config';
import { installGateway } from './api-gateway.http';
import { ApiGatewayModule } from './api-gateway.module';
import type { Route } from './routing/route-table';

/** The gateway over a table of routes; tests bring a table of their own. */
export const defineApiGateway = (routes: readonly Route[]): ServiceDefinition<ApiGatewayConfig> =>
  defineService({
    name: 'api-gateway',
    defaultPort: 8080,
    portVariable: 'PORT',
    env: API_GATEWAY_ENV,
    toConfig: toApiGatewayConfig,
    module: (config) => ApiGatewayModule.with(config, routes),
    beforeListen: installGateway,
  });
