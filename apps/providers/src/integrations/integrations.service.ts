import { Injectable } from '@nestjs/common';
import type { IntegrationDto, IntegrationListDto, StoreIntegrationDto } from '@gpubroker/contracts/integrations';
import { Database } from '@gpubroker/persistence/database';
import { ApiError, validationError } from '@gpubroker/platform/errors';
import type { Credentials, ProviderFacts } from '@gpubroker/provider-adapter/adapter';
import { ProvidersConfig } from '../providers.config';
import { CredentialSealer } from './credential-sealer';
import { auditIntegration, type Actor } from './integration-audit';
import { integrationView } from './integration-view';
import { IntegrationStore, type IntegrationKey } from './integration.store';
import { secondsToNextCheck } from './next-check';
import { readCredentials } from './read-credentials';
import { TenantClouds } from './tenant-clouds';

/** Who asks, as the token says. */
export interface TenantActor extends Actor {
  readonly tenantId: string;
}

/** A tenant's own keys of clouds: set, shown (never the key), removed. */
@Injectable()
export class IntegrationsService {
  constructor(
    private readonly config: ProvidersConfig,
    private readonly database: Database,
    private readonly store: IntegrationStore,
    private readonly sealer: CredentialSealer,
    private readonly clouds: TenantClouds,
  ) {}

  async list(tenantId: string): Promise<IntegrationListDto> {
    const stored = new Map((await this.store.all(tenantId)).map((integration) => [integration.provider, integration]));
    const items = this.clouds.facts().map((facts) => integrationView(facts, stored.get(facts.slug) ?? null));
    return { items, total: items.length };
  }

  /** @throws ApiError VALIDATION_ERROR, also when the cloud refuses the key: then nothing changed */
  async put(actor: TenantActor, body: StoreIntegrationDto): Promise<{ created: boolean; item: IntegrationDto }> {
    const facts = this.supported(body.provider);
    const credentials = wanted(facts, body.credentials);
    const key = { tenantId: actor.tenantId, provider: facts.slug };
    // First: without the box the key cannot be kept, and whoever waits for the cloud would wait in vain.
    const sealed = await this.sealer.seal(key, credentials);
    const status = await this.statusAt(facts, credentials);
    return this.keep(actor, key, sealed, status, facts);
  }

  /** @throws ApiError NOT_FOUND when there is none */
  async remove(actor: TenantActor, provider: string): Promise<IntegrationDto> {
    const facts = this.clouds.factsOf(provider);
    if (facts === null) throw notSet();
    const key = { tenantId: actor.tenantId, provider };
    const removed = await this.database.inTransaction(async (manager) => {
      const found = await this.store.remove(manager, key);
      if (found) await auditIntegration(manager, 'integration.removed', key, actor, null);
      return found;
    });
    if (!removed) throw notSet();
    return integrationView(facts, null);
  }

  private supported(provider: string): ProviderFacts {
    const facts = this.clouds.factsOf(provider);
    if (facts) return facts;
    const slugs = this.clouds.facts().map(({ slug }) => slug);
    throw validationError([{ field: 'provider', message: `must be one of ${slugs.join(', ')}` }]);
  }

  private async statusAt(facts: ProviderFacts, credentials: Credentials): Promise<'ok' | 'unverified'> {
    const verdict = await this.clouds.check(facts.slug, credentials);
    if (verdict === 'refused')
      throw validationError([{ field: 'credentials', message: `${facts.displayName} refuses them` }]);
    return verdict === 'accepted' ? 'ok' : 'unverified';
  }

  private keep(
    actor: TenantActor,
    key: IntegrationKey,
    sealed: string,
    status: 'ok' | 'unverified',
    facts: ProviderFacts,
  ): Promise<{ created: boolean; item: IntegrationDto }> {
    const failedChecks = status === 'ok' ? 0 : 1;
    const verdict = status === 'ok' ? 'accepted' : 'unreachable';
    const nextCheckSeconds = secondsToNextCheck(verdict, 0, this.config.integrations.recheckSeconds);
    return this.database.inTransaction(async (manager) => {
      const state = { status, problem: null, failedChecks, nextCheckSeconds };
      const { created, stored } = await this.store.put(manager, key, sealed, state);
      await auditIntegration(manager, created ? 'integration.created' : 'integration.replaced', key, actor, status);
      return { created, item: integrationView(facts, stored) };
    });
  }
}

const notSet = () => new ApiError('NOT_FOUND', 'No key is set for this cloud');

function wanted({ credentialFields }: ProviderFacts, given: Readonly<Record<string, unknown>>): Credentials {
  const read = readCredentials(credentialFields, given);
  if (!read.ok) throw validationError(read.problems);
  return read.credentials;
}
