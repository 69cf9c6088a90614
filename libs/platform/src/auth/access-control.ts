import type { FactoryProvider, InjectionToken, Provider } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
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
  return [trust, { provide: APP_GUARD, useClass: BearerGuard }];
}
