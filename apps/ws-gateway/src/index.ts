import { defineService } from '@gpubroker/platform/service';
import { toWsGatewayConfig, wsGatewayEnv } from './ws-gateway.config';
import { installWsGateway } from './ws-gateway.http';
import { WsGatewayModule } from './ws-gateway.module';

/** Price changes out to WebSocket clients, and a page that shows them moving. */
export const wsGatewayService = defineService({
  name: 'ws-gateway',
  defaultPort: 8106,
  env: wsGatewayEnv,
  toConfig: toWsGatewayConfig,
  module: (config) => WsGatewayModule.with(config),
  beforeListen: installWsGateway,
});
