import { Module, type DynamicModule } from '@nestjs/common';
import { accessControl } from '@gpubroker/platform/auth';
import { eventLog } from '@gpubroker/platform/events';
import { askAuth, TenantTermsBook } from '@gpubroker/platform/limits';
import { REDIS, type RedisLink } from '@gpubroker/platform/redis';
import { Broadcaster } from './delivery/broadcaster';
import { DeliveryMetrics } from './delivery/delivery.metrics';
import { PriceFeedHandlers } from './delivery/price-feed.handlers';
import { PriceFollower } from './delivery/price-follower';
import { LiveController } from './live/live.controller';
import { Backlog } from './replay/backlog';
import { ReplayService } from './replay/replay.service';
import { LocalSeats } from './seats/local.seats';
import { RedisSeats } from './seats/redis.seats';
import { SOCKET_SEATS } from './seats/socket-seats';
import { ClientRegistry } from './sockets/client-registry';
import { AccessWatch } from './sockets/access-watch';
import { OwnerFinder } from './sockets/owner.finder';
import { PriceFeedGateway } from './sockets/price-feed.gateway';
import { SocketErrorFilter } from './sockets/socket-error.filter';
import { SocketMetrics } from './sockets/socket.metrics';
import { UpgradeRoutes } from './sockets/upgrade.routes';
import { MemoryTicketStore } from './tickets/memory.ticket-store';
import { RedisTicketStore } from './tickets/redis.ticket-store';
import { OfferBook } from './subscriptions/offer-book';
import { TicketsController } from './tickets/tickets.controller';
import { TICKET_STORE, TicketsService } from './tickets/tickets.service';
import { WsGatewayConfig } from './ws-gateway.config';

const sockets = [
  AccessWatch,
  OwnerFinder,
  TicketsService,
  ClientRegistry,
  SocketMetrics,
  SocketErrorFilter,
  PriceFeedGateway,
  UpgradeRoutes,
];
const delivery = [OfferBook, Broadcaster, DeliveryMetrics, PriceFollower];

@Module({})
export class WsGatewayModule {
  static with(config: WsGatewayConfig): DynamicModule {
    return {
      module: WsGatewayModule,
      controllers: [PriceFeedHandlers, LiveController, TicketsController],
      providers: [
        { provide: WsGatewayConfig, useValue: config },
        eventLog('ws-gateway', config.events),
        { provide: Backlog, useFactory: () => new Backlog(config.replayEvents) },
        ...accessControl(() => config.trust),
        {
          provide: TenantTermsBook,
          useFactory: () => new TenantTermsBook({ ask: askAuth(config.authUrl) }),
        },
        {
          provide: TICKET_STORE,
          inject: [REDIS],
          useFactory: (redis: RedisLink | null) =>
            redis === null ? new MemoryTicketStore() : new RedisTicketStore(redis),
        },
        {
          provide: SOCKET_SEATS,
          inject: [REDIS],
          useFactory: (redis: RedisLink | null) =>
            redis === null ? new LocalSeats() : new RedisSeats({ redis, replicas: config.replicas }),
        },
        ReplayService,
        ...sockets,
        ...delivery,
      ],
    };
  }
}
