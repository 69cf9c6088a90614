import { EventFollower } from '@gpubroker/platform/events';
import { defineService } from '@gpubroker/platform/service';
import { authEnv, toAuthConfig } from './auth.config';
import { AuthModule } from './auth.module';

/** Users, tenants, tokens: who may do what. */
export const authService = defineService({
  name: 'auth',
  defaultPort: 8101,
  env: authEnv,
  toConfig: toAuthConfig,
  module: (config) => AuthModule.with(config),
  beforeListen: (app) => {
    app.get(EventFollower).serve(app);
  },
});
