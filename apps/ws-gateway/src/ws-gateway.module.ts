import { Module, type DynamicModule } from '@nestjs/common';
import { LOGGER } from '@gpubroker/platform/logging';
import type { Logger } from 'pino';
import { Broadcaster } from './delivery/broadcaster';
import { DeliveryMetrics } from './delivery/delivery.metrics';
import { EVENT_LOG } from './delivery/event-log.token';
import { openEventLog } from './delivery/event-transport';
import { logObserver } from './delivery/log-observer';
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
          inject: [DeliveryMetrics, LOGGER],
          useFactory: (metrics: DeliveryMetrics, logger: Logger) => openEventLog(config, logObserver(metrics, logger)),
        },
        { provide: Backlog, useFactory: () => new Backlog(config.replayEvents) },
        ReplayService,
        ...sockets,
        ...delivery,
      ],
    };
  }
}
