import { Module, type DynamicModule } from '@nestjs/common';
import { TerminusModule } from '@nestjs/terminus';
import type { Logger } from 'pino';
import { CACHE, type Cache } from '../cache/cache';
import { HealthController } from '../health/health.controller';
import { HealthRegistry } from '../health/health.registry';
import { HealthService } from '../health/health.service';
import { LOGGER } from '../logging/logger.token';
import { MetricsController } from '../metrics/metrics.controller';
import { ServiceMetrics } from '../metrics/service-metrics';

export interface PlatformParts {
  readonly logger: Logger;
  readonly metrics: ServiceMetrics;
  readonly health: HealthRegistry;
  readonly cache: Cache;
}

/** What every module of a service may inject, made before the application so that start-up failures are logged too. */
@Module({})
export class PlatformModule {
  static with({ logger, metrics, health, cache }: PlatformParts): DynamicModule {
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
        HealthService,
      ],
      exports: [LOGGER, ServiceMetrics, HealthRegistry, CACHE],
    };
  }
}
