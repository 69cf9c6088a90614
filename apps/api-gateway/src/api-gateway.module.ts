import { Module, type DynamicModule } from '@nestjs/common';
import { AccessChangeFeed, accessChangeFeed, TOKEN_TRUST } from '@gpubroker/platform/auth';
import { askAuth, openRateLimiter, RATE_LIMITER, TenantTermsBook } from '@gpubroker/platform/limits';
import { ServiceMetrics } from '@gpubroker/platform/metrics';
import { REDIS, type RedisLink } from '@gpubroker/platform/redis';
import { GATEWAY_CONFIG, GATEWAY_ROUTES } from './api-gateway.tokens';
import type { ApiGatewayConfig } from './api-gateway.config';
import { AnswerCache } from './answers/answer-cache';
import { CatalogueWatch } from './answers/catalogue-watch';
import { KeptAnswers } from './answers/kept-answers';
import { PeerHealth } from './health/peer-health';
import { Identities } from './identity/identities';
import { RateRules } from './limits/rate-rules';
import { MetricsServer } from './metrics/metrics.server';
import { ApiDocumentController } from './openapi/api-document.controller';
import { ApiDocumentService } from './openapi/api-document.service';
import { DocumentParts } from './openapi/document-parts';
import { KnownOperations } from './openapi/known-operations';
import { Peers } from './proxy/peers';
import { ProxyRoutes } from './proxy/proxy.routes';
import type { Route } from './routing/route-table';
import { SocketRoutes } from './sockets/socket.routes';

@Module({})
export class ApiGatewayModule {
  static with(config: ApiGatewayConfig, routes: readonly Route[]): DynamicModule {
    return {
      module: ApiGatewayModule,
      controllers: [ApiDocumentController],
      providers: [
        { provide: GATEWAY_CONFIG, useValue: config },
        { provide: GATEWAY_ROUTES, useValue: routes },
        {
          provide: RATE_LIMITER,
          inject: [REDIS, ServiceMetrics],
          useFactory: (redis: RedisLink | null, metrics: ServiceMetrics) =>
            openRateLimiter({ redis, replicas: config.replicas, metrics }),
        },
        { provide: TOKEN_TRUST, useValue: config.trust },
        accessChangeFeed,
        {
          provide: TenantTermsBook,
          inject: [AccessChangeFeed],
          useFactory: (feed: AccessChangeFeed) => {
            const terms = new TenantTermsBook({ ask: askAuth(config.peers.auth) });
            feed.listen((change) => {
              terms.note(change);
            });
            return terms;
          },
        },
        RateRules,
        Identities,
        { provide: AnswerCache, useFactory: () => new AnswerCache() },
        CatalogueWatch,
        KeptAnswers,
        Peers,
        PeerHealth,
        DocumentParts,
        KnownOperations,
        ApiDocumentService,
        ProxyRoutes,
        SocketRoutes,
        MetricsServer,
      ],
    };
  }
}
