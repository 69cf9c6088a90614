import { Inject, Injectable } from '@nestjs/common';
import { SECRET_BOX, type SecretBox, type SecretContext } from '@gpubroker/platform/secrets';
import type { Credentials } from '@gpubroker/provider-adapter/adapter';
import { z } from 'zod';
import type { IntegrationKey } from './integration.store';

const sealedForm = z.record(z.string(), z.string());

/** A tenant's credentials as one sealed text that opens for that tenant and that cloud only. */
@Injectable()
export class CredentialSealer {
  constructor(@Inject(SECRET_BOX) private readonly box: SecretBox) {}

  /** @throws ApiError SERVICE_UNAVAILABLE */
  seal(key: IntegrationKey, credentials: Credentials): Promise<string> {
    return this.box.seal(contextOf(key), JSON.stringify(credentials));
  }

  /** @throws SecretUnreadableError, ApiError SERVICE_UNAVAILABLE */
  async open(key: IntegrationKey, sealed: string): Promise<Credentials> {
    return sealedForm.parse(JSON.parse(await this.box.open(contextOf(key), sealed)));
  }
}

const contextOf = ({ tenantId, provider }: IntegrationKey): SecretContext => ['integration', tenantId, provider];
