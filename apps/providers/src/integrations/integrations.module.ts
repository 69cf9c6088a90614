import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { accessControl } from '@gpubroker/platform/auth';
import { HealthRegistry } from '@gpubroker/platform/health';
import { LOGGER } from '@gpubroker/platform/logging';
import { openSecretBox, SECRET_BOX, type SecretBox } from '@gpubroker/platform/secrets';
import type { Logger } from 'pino';
import { ProvidersConfig } from '../providers.config';
import { CredentialSealer } from './credential-sealer';
import { IntegrationRecheck } from './integration-recheck';
import { IntegrationStore } from './integration.store';
import { IntegrationsController } from './integrations.controller';
import { IntegrationsService } from './integrations.service';
import { TenantClouds } from './tenant-clouds';
import { TenantCredentials } from './tenant-credentials';

/** Tenants' own keys of clouds (SPEC P10). It also closes every route of the service that does not say `@Public()`. */
@Module({})
export class IntegrationsModule implements OnApplicationShutdown {
  constructor(
    @Inject(SECRET_BOX) private readonly box: SecretBox,
    health: HealthRegistry,
  ) {
    const { breaker } = box;
    if (breaker === null) return;
    health.add({
      name: breaker.name,
      critical: () => false,
      check: () => ({ up: breaker.state.kind !== 'open', detail: breaker.state.kind }),
    });
  }

  static with(config: ProvidersConfig): DynamicModule {
    return {
      module: IntegrationsModule,
      controllers: [IntegrationsController],
      providers: [
        { provide: ProvidersConfig, useValue: config },
        {
          provide: SECRET_BOX,
          useFactory: (logger: Logger) => openSecretBox(config.integrations.secrets, logger),
          inject: [LOGGER],
        },
        ...accessControl(() => config.integrations.tokenTrust),
        CredentialSealer,
        IntegrationStore,
        IntegrationsService,
        IntegrationRecheck,
        TenantClouds,
        TenantCredentials,
      ],
      exports: [IntegrationRecheck, TenantClouds, TenantCredentials, SECRET_BOX],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.box.close();
  }
}
