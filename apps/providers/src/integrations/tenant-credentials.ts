import { Injectable } from '@nestjs/common';
import { ApiError, isApiError } from '@gpubroker/platform/errors';
import { isSecretUnreadable } from '@gpubroker/platform/secrets';
import type { Credentials } from '@gpubroker/provider-adapter/adapter';
import { CredentialSealer } from './credential-sealer';
import { IntegrationStore, type StoredIntegration } from './integration.store';

/** An opened key is used again for this long without asking the box. */
const FRESH_MS = 60_000;
/** While the box cannot be asked, the last opened key stands in for this long, and no longer. */
const KEPT_MS = 15 * 60_000;
const MOST_KEPT = 1_000;

interface Opened {
  readonly revision: string;
  readonly credentials: Credentials;
  readonly at: number;
}

/**
 * The key that a tenant's own booking, termination or check uses. Asked by tenant and cloud together, always: the row decides,
 * so that a key that was removed is gone with its row, whatever memory holds. The shared catalogue never uses these keys
 * (docs/adr/0008).
 */
@Injectable()
export class TenantCredentials {
  private readonly opened = new Map<string, Opened>();

  constructor(
    private readonly store: IntegrationStore,
    private readonly sealer: CredentialSealer,
  ) {}

  /**
   * @returns null when the tenant has no key of this cloud
   * @throws ApiError CONFLICT when it has one that does not work: another account must not be charged in its place;
   * SERVICE_UNAVAILABLE when the box is away for longer than the last opened key is kept; DB_UNAVAILABLE
   */
  async for(tenantId: string, provider: string): Promise<Credentials | null> {
    const stored = await this.store.find({ tenantId, provider });
    const name = JSON.stringify([tenantId, provider]);
    if (stored === null) {
      this.opened.delete(name);
      return null;
    }
    if (stored.status === 'invalid') throw unusable(stored);
    return this.open(name, stored);
  }

  private async open(name: string, stored: StoredIntegration): Promise<Credentials> {
    const kept = this.keptFor(name, stored.revision);
    if (kept && performance.now() - kept.at < FRESH_MS) return kept.credentials;
    try {
      const credentials = await this.sealer.open(stored, stored.sealed);
      this.keep(name, { revision: stored.revision, credentials, at: performance.now() });
      return credentials;
    } catch (error) {
      if (isSecretUnreadable(error)) throw unusable(stored, error);
      if (kept && isApiError(error) && error.code === 'SERVICE_UNAVAILABLE') return kept.credentials;
      throw error;
    }
  }

  private keptFor(name: string, revision: string): Opened | null {
    const kept = this.opened.get(name);
    if (kept?.revision === revision && performance.now() - kept.at < KEPT_MS) return kept;
    this.opened.delete(name);
    return null;
  }

  /** Oldest first in the map: each is put at its end anew, so what is too old or too much is found at its beginning. */
  private keep(name: string, opened: Opened): void {
    this.opened.delete(name);
    this.opened.set(name, opened);
    for (const [oldest, { at }] of this.opened) {
      if (this.opened.size <= MOST_KEPT && opened.at - at < KEPT_MS) return;
      this.opened.delete(oldest);
    }
  }
}

const unusable = ({ provider }: StoredIntegration, cause?: unknown) =>
  new ApiError('CONFLICT', `The key that is set for ${provider} does not work; set another one or remove it`, {
    cause,
  });
