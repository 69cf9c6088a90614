import type { INestApplication } from '@nestjs/common';
import { RATE_LIMITER, type RateLimiter } from '@gpubroker/platform/limits';
import type { FastifyInstance } from 'fastify';
import type { ApiGatewayConfig } from './api-gateway.config';
import { installDocs } from './docs/docs.routes';
import { Identities } from './identity/identities';
import { RateRules } from './limits/rate-rules';
import { installRequestLimit } from './limits/request-limit.hook';
import { MetricsServer } from './metrics/metrics.server';
import { ApiDocumentService } from './openapi/api-document.service';
import { ProxyRoutes } from './proxy/proxy.routes';
import { SocketRoutes } from './sockets/socket.routes';
import { installHttpsRedirect } from './transport/https-redirect.hook';

/** What sits on the HTTP server itself, in the order in which a request meets it. */
export async function installGateway(app: INestApplication, config: ApiGatewayConfig): Promise<void> {
  const fastify = app.getHttpAdapter().getInstance() as FastifyInstance;
  installHttpsRedirect(fastify, config.production);
  await app.get(MetricsServer).install(fastify);
  const identities = app.get(Identities);
  identities.install(fastify);
  installRequestLimit(fastify, app.get<RateLimiter>(RATE_LIMITER), app.get(RateRules), (request) =>
    identities.of(request),
  );
  installDocs(fastify);
  app.get(ApiDocumentService).describe(app);
  app.get(ProxyRoutes).install(fastify);
  app.get(SocketRoutes).install(fastify);
}
