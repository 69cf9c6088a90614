import { Module, type DynamicModule } from '@nestjs/common';
import { eventObserver, openEventLog } from '@gpubroker/platform/events';
import { LOGGER } from '@gpubroker/platform/logging';
import { ServiceMetrics } from '@gpubroker/platform/metrics';
import type { Logger } from 'pino';
import { Broadcaster } from './delivery/broadcaster';
import { DeliveryMetrics } from './delivery/delivery.metrics';
import { EVENT_LOG } from './delivery/event-log.token';
import { PriceFeedHandlers } from './delivery/price-feed.handlers';
import { PriceFollower } from './delivery/price-follower';
import { LiveController } from './live/live.controller';
import { Backlog } from './replay/backlog';
import { ReplayService } from './replay/replay.service';
import { ClientRegistry } from './sockets/client-registry';
import { PriceFeedGateway } from './sockets/price-feed.gateway';
import { SocketErrorFilter } from './sockets/socket-error.filter';
import { SocketMetrics } from './sockets/socket.metrics';
import { UpgradeRoutes } from './sockets/upgrade.routes';
import { WsGatewayConfig } from './ws-gateway.config';

const sockets = [ClientRegistry, SocketMetrics, SocketErrorFilter, PriceFeedGateway, UpgradeRoutes];
const delivery = [Broadcaster, DeliveryMetrics, PriceFollower];

@Module({})
export class WsGatewayModule {
  static with(config: WsGatewayConfig): DynamicModule {
    return {
      module: WsGatewayModule,
      controllers: [PriceFeedHandlers, LiveController],
      providers: [
        { provide: WsGatewayConfig, useValue: config },
        {
          provide: EVENT_LOG,
          inject: [ServiceMetrics, LOGGER],
          useFactory: (metrics: ServiceMetrics, logger: Logger) =>
            openEventLog('ws-gateway', config.events, eventObserver(metrics, logger)),
        },
        { provide: Backlog, useFactory: () => new Backlog(config.replayEvents) },
        ReplayService,
        ...sockets,
        ...delivery,
      ],
    };
  }
}
