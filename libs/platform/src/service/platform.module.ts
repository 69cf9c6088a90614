import { Module, type DynamicModule } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import type { Logger } from 'pino';
import { CACHE, type Cache } from '../cache/cache';
import { HealthController } from '../health/health.controller';
import { HealthRegistry } from '../health/health.registry';
import { HealthService } from '../health/health.service';
import { REDIS } from '../redis/redis.token';
import type { RedisLink } from '../redis/redis-link';
import { RedisOwner } from '../redis/redis-owner';
import { LOGGER } from '../logging/logger.token';
import { MetricsController } from '../metrics/metrics.controller';
import { ServiceMetrics } from '../metrics/service-metrics';

export interface PlatformParts {
  readonly logger: Logger;
  readonly metrics: ServiceMetrics;
  readonly health: HealthRegistry;
  readonly cache: Cache;
  readonly redis: RedisLink | null;
}

/** What every module of a service may inject, made before the application so that start-up failures are logged too. */
@Module({})
export class PlatformModule {
  static with({ logger, metrics, health, cache, redis }: PlatformParts): DynamicModule {
    return {
      module: PlatformModule,
      global: true,
      imports: [TerminusModule.forRoot({ logger: false })],
      controllers: [HealthController, MetricsController],
      providers: [
        { provide: LOGGER, useValue: logger },
        { provide: ServiceMetrics, useValue: metrics },
        { provide: HealthRegistry, useValue: health },
        { provide: CACHE, useValue: cache },
        { provide: REDIS, useValue: redis },
        RedisOwner,
        HealthService,
      ],
      exports: [LOGGER, ServiceMetrics, HealthRegistry, CACHE, REDIS],
    };
  }
}
