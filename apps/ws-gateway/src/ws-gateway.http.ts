import type { INestApplication } from '@nestjs/common';
import type { FastifyInstance } from 'fastify';
import { PriceFollower } from './delivery/price-follower';
import { ClientRegistry } from './sockets/client-registry';
import { SocketAdapter } from './sockets/socket.adapter';
import { SocketMetrics } from './sockets/socket.metrics';
import { UpgradeRoutes } from './sockets/upgrade.routes';

/** What sits on the HTTP server itself: the door for sockets. Then the feed begins. */
export function installWsGateway(app: INestApplication): void {
  const adapter = new SocketAdapter(app.get(ClientRegistry), app.get(SocketMetrics));
  app.useWebSocketAdapter(adapter);
  app.get(UpgradeRoutes).install(app.getHttpAdapter().getInstance() as FastifyInstance, adapter);
  app.get(PriceFollower).start(app);
}
