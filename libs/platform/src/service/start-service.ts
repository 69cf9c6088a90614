import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { DestinationStream, Logger } from 'pino';
import { openCache } from '../cache/open-cache';
import type { Env } from '../config/load-env';
import { ErrorEnvelopeFilter } from '../errors/error-envelope.filter';
import { HealthRegistry } from '../health/health.registry';
import { createFastifyAdapter } from '../http/fastify-adapter';
import { installHttpHooks } from '../http/install-http-hooks';
import { RouteMethods } from '../http/route-methods';
import { bodyValidation } from '../http/validation.pipe';
import { createLogger } from '../logging/create-logger';
import { ServiceMetrics } from '../metrics/service-metrics';
import { openRedis } from '../redis/open-redis';
import { nestLogger } from './nest-logger';
import { describeApi, OPENAPI_PATH } from './openapi';
import { PlatformModule } from './platform.module';
import { stopOnce } from './stop-service';
import type { ServiceConfig, ServiceDefinition } from './service-definition';

export interface StartOptions {
  /** Where log lines go; standard output when absent. */
  readonly logDestination?: DestinationStream;
}

export interface RunningService {
  readonly name: string;
  readonly port: number;
  readonly url: string;
  readonly logger: Logger;
  /** For tests that have to look inside. */
  readonly app: NestFastifyApplication;
  /** Finishes what is running, takes nothing new, releases everything; safe to call twice. */
  stop(): Promise<void>;
}

/**
 * Starts one service from an environment passed as a value.
 * @throws ConfigError when the environment cannot be used; a listen error (EADDRINUSE …) when the port cannot be had
 */
export async function startService<Own>(
  definition: ServiceDefinition<Own>,
  env: Env,
  options: StartOptions = {},
): Promise<RunningService> {
  const config = definition.loadConfig(env);
  const { service } = config;
  const logger = createLogger({
    service: definition.name,
    level: service.LOG_LEVEL,
    ...(options.logDestination && { destination: options.logDestination }),
  });
  const health = new HealthRegistry();
  const app = await createApp(definition, config, logger, health);
  try {
    await definition.beforeListen?.(app, config.own);
    await app.listen(service.port, service.HOST);
  } catch (error) {
    await app.close();
    throw error;
  }
  const url = await app.getUrl();
  logger.info({ url }, `${definition.name} is listening`);
  return {
    name: definition.name,
    port: Number(new URL(url).port),
    url,
    logger,
    app,
    stop: stopOnce(app, health, service.SHUTDOWN_GRACE_MS),
  };
}

async function createApp<Own>(
  definition: ServiceDefinition<Own>,
  { service, own }: ServiceConfig<Own>,
  logger: Logger,
  health: HealthRegistry,
): Promise<NestFastifyApplication> {
  const metrics = new ServiceMetrics(definition.name);
  const routes = new RouteMethods();
  const adapter = createFastifyAdapter({
    maxBodyBytes: definition.maxBodyBytes?.(own) ?? service.MAX_BODY_BYTES,
    trustedProxies: service.TRUSTED_PROXIES,
  });
  installHttpHooks(adapter.getInstance(), {
    logger,
    metrics,
    health,
    routes,
    production: service.NODE_ENV === 'production',
    allowedHosts: service.ALLOWED_HOSTS,
    allowedOrigins: service.CORS_ALLOWED_ORIGINS,
  });
  const redis = await openRedis(service.REDIS_URL, { service: definition.name, logger, metrics, health });
  const root = {
    module: ServiceRoot,
    imports: [
      PlatformModule.with({ logger, metrics, health, redis, cache: openCache(redis) }),
      definition.module(own, service),
    ],
  };
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    logger: nestLogger(logger),
    abortOnError: false,
    bodyParser: false,
  });
  app.useGlobalFilters(new ErrorEnvelopeFilter(logger, routes));
  app.useGlobalPipes(bodyValidation());
  serveOwnApiDocument(app, definition.name);
  return app;
}

/** Nest wants a class to hang the imports on. */
@Module({})
class ServiceRoot {}

function serveOwnApiDocument(app: NestFastifyApplication, service: string): void {
  let document: OpenAPIObject | undefined;
  app
    .getHttpAdapter()
    .getInstance()
    .get(OPENAPI_PATH, () => (document ??= describeApi(app, service)));
}
