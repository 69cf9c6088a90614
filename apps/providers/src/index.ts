import { defineService } from '@gpubroker/platform/service';
import { ProvidersModule } from './providers.module';
import { providersEnv, toProvidersConfig } from './providers.config';

/** Offers and prices of GPU clouds: ingest, normalise, keep, list. */
export const providersService = defineService({
  name: 'providers',
  defaultPort: 8102,
  env: providersEnv,
  toConfig: toProvidersConfig,
  module: (config) => ProvidersModule.with(config),
});
