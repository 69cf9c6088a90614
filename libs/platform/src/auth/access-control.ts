import type { FactoryProvider, InjectionToken, Provider } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import type { Logger } from 'pino';
import { LOGGER } from '../logging/logger.token';
import { ServiceMetrics } from '../metrics/service-metrics';
import { AccessChangeFeed } from './access-change.feed';
import { BearerGuard, TOKEN_TRUST } from './bearer.guard';
import type { TokenTrust } from './verify-token';

/** Providers that close every route of the application to callers without a token; `@Public()` opens one. */
export function accessControl(
  useFactory: (...injected: never[]) => TokenTrust,
  inject: InjectionToken[] = [],
): Provider[] {
  const trust: FactoryProvider<TokenTrust> = {
    provide: TOKEN_TRUST,
    useFactory: useFactory as FactoryProvider<TokenTrust>['useFactory'],
    inject,
  };
  return [trust, accessChangeFeed, { provide: APP_GUARD, useClass: BearerGuard }];
}

/** Hears of what was taken back, for whoever provides TOKEN_TRUST. */
export const accessChangeFeed: FactoryProvider<AccessChangeFeed> = {
  provide: AccessChangeFeed,
  inject: [TOKEN_TRUST, ServiceMetrics, LOGGER],
  useFactory: (trust: TokenTrust, metrics: ServiceMetrics, logger: Logger) =>
    new AccessChangeFeed(trust, metrics, logger),
};
