import { Injectable } from '@nestjs/common';
import { Database, isDatabaseUnavailable } from '@gpubroker/persistence/database';
import { isApiError } from '@gpubroker/platform/errors';
import { InjectLogger } from '@gpubroker/platform/logging';
import { isSecretUnreadable } from '@gpubroker/platform/secrets';
import type { Credentials } from '@gpubroker/provider-adapter/adapter';
import type { Logger } from 'pino';
import { ProvidersConfig } from '../providers.config';
import { CredentialSealer } from './credential-sealer';
import { auditIntegration } from './integration-audit';
import { IntegrationStore, type CheckedState, type StoredIntegration } from './integration.store';
import { secondsToNextCheck, type Verdict } from './next-check';
import { TenantClouds } from './tenant-clouds';

const TICK_MS = 1_000;
const AT_ONCE = 5;

/**
 * Asks clouds again about keys that could not be verified, and once a day about those that could. Every key it looks at is
 * sealed anew, so that one day after a rotation nothing is left under the old key.
 */
@Injectable()
export class IntegrationRecheck {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | null = null;
  private stopped = false;

  constructor(
    private readonly config: ProvidersConfig,
    private readonly database: Database,
    private readonly store: IntegrationStore,
    private readonly sealer: CredentialSealer,
    private readonly clouds: TenantClouds,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /** When the tables are there. */
  start(): void {
    if (this.stopped) return;
    this.timer = setInterval(() => {
      this.running ??= this.round().finally(() => (this.running = null));
    }, TICK_MS);
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.running;
  }

  /** Never rejects. */
  private async round(): Promise<void> {
    try {
      for (;;) {
        const due = await this.store.claimDue(AT_ONCE);
        await Promise.all(due.map((integration) => this.lookAt(integration).catch(this.report)));
        if (this.stopped || due.length < AT_ONCE) return;
      }
    } catch (error) {
      this.report(error);
    }
  }

  /** What failed is claimed still, and taken up again when the claim runs out. */
  private readonly report = (error: unknown): void => {
    if (isDatabaseUnavailable(error)) return;
    this.logger.error({ err: error }, 'keys of tenants could not be looked at');
  };

  private async lookAt(integration: StoredIntegration): Promise<void> {
    const opened = await this.open(integration);
    if (opened === 'unavailable') return;
    if (opened === 'unreadable') {
      await this.record(integration, integration.sealed, {
        status: 'invalid',
        problem: 'unreadable',
        failedChecks: 0,
        nextCheckSeconds: null,
      });
      return;
    }
    const verdict = await this.clouds.check(integration.provider, opened);
    const sealed = await this.sealer.seal(integration, opened).catch(() => integration.sealed);
    await this.record(integration, sealed, this.stateAfter(integration, verdict));
  }

  private async open(integration: StoredIntegration): Promise<Credentials | 'unreadable' | 'unavailable'> {
    try {
      return await this.sealer.open(integration, integration.sealed);
    } catch (error) {
      if (isSecretUnreadable(error)) return 'unreadable';
      // The claim runs out by itself, and then it is tried again.
      if (isApiError(error)) return 'unavailable';
      throw error;
    }
  }

  /** A cloud that cannot be reached changes nothing about what was known of the key. */
  private stateAfter({ status, failedChecks }: StoredIntegration, verdict: Verdict): CheckedState {
    const failed = verdict === 'unreachable' ? failedChecks + 1 : 0;
    return {
      status: verdict === 'unreachable' ? status : verdict === 'accepted' ? 'ok' : 'invalid',
      problem: verdict === 'refused' ? 'refused' : null,
      failedChecks: failed,
      nextCheckSeconds: secondsToNextCheck(verdict, failedChecks, this.config.integrations.recheckSeconds),
    };
  }

  private async record(integration: StoredIntegration, sealed: string, state: CheckedState): Promise<void> {
    await this.database.inTransaction(async (manager) => {
      const written = await this.store.recordCheck(manager, integration, sealed, state);
      if (written && state.status !== integration.status)
        await auditIntegration(manager, 'integration.checked', integration, null, state.status);
    });
  }
}
