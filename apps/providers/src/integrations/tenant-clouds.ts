import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { CircuitBreaker, isTimeoutError, withTimeout } from '@gpubroker/circuit-breaker';
import { InjectLogger } from '@gpubroker/platform/logging';
import type { BaseProviderAdapter, Credentials, ProviderFacts } from '@gpubroker/provider-adapter/adapter';
import { isUpstreamError, speaksAgainstTheCloud, UpstreamHttp } from '@gpubroker/provider-adapter/upstream';
import type { Logger } from 'pino';
import { createProviderRegistry } from '../adapters/registry';
import { hostAndPort } from '../ingestion/provider-sources';
import { ProvidersConfig } from '../providers.config';
import type { Verdict } from './next-check';

const ATTEMPTS = 2;
const RETRY_BASE_MS = 200;

interface Door {
  readonly adapter: BaseProviderAdapter;
  readonly upstream: UpstreamHttp;
}

/** Without one the cloud's own holds. */
interface Address {
  readonly baseUrl?: string;
}

/**
 * The clouds as tenants ask them, with keys of their own. Sockets, pace and circuits are apart from those of ingestion:
 * whatever tenants bring about with their keys must not cost anybody the catalogue.
 */
@Injectable()
export class TenantClouds implements OnApplicationShutdown {
  private readonly registry = createProviderRegistry();
  private readonly doors = new Map<string, Door>();

  constructor(
    private readonly config: ProvidersConfig,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /** Of every cloud, by slug. */
  facts(): ProviderFacts[] {
    return this.registry.listAdapters().map((slug) => this.registry.getAdapter(slug).facts);
  }

  factsOf(slug: string): ProviderFacts | null {
    return this.facts().find((facts) => facts.slug === slug) ?? null;
  }

  /**
   * For bookings and terminations with a tenant's key (TenantCredentials).
   * @returns null where this installation does not talk to the cloud: LIVE_CLOUDS=off, or an adapter that was taken out
   */
  adapter(slug: string): BaseProviderAdapter | null {
    return this.door(slug)?.adapter ?? null;
  }

  /** Never throws; INTEGRATION_CHECK_MS is the longest wait. */
  async check(slug: string, credentials: Credentials): Promise<Verdict> {
    const adapter = this.adapter(slug);
    if (adapter === null) return 'unreachable';
    try {
      const accepted = await withTimeout(
        (signal) => adapter.validateCredentials(credentials, { signal }),
        this.config.integrations.checkMs,
      );
      return accepted ? 'accepted' : 'refused';
    } catch (error) {
      this.note(slug, error);
      return 'unreachable';
    }
  }

  breakers(): readonly CircuitBreaker[] {
    return [...this.doors.values()].map(({ upstream }) => upstream.breaker);
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.doors.values()].map(({ upstream }) => upstream.close()));
  }

  /** Without the message: some clouds have a part of the credentials in their paths, and a bug quotes what it was given. */
  private note(provider: string, error: unknown): void {
    if (isUpstreamError(error) || isTimeoutError(error))
      this.logger.info({ provider, reason: isUpstreamError(error) ? error.reason : 'timeout' }, 'key not verified');
    else this.logger.error({ provider, at: framesOf(error) }, 'the adapter failed while it checked a key');
  }

  private door(slug: string): Door | null {
    const open = this.doors.get(slug);
    if (open) return open;
    const address = this.factsOf(slug) && this.addressOf(slug);
    if (address === null) return null;
    const Adapter = this.registry.getAdapter(slug);
    const upstream = this.upstreamTo(slug, address);
    const door = { upstream, adapter: new Adapter({ upstream, ...address }) };
    this.doors.set(slug, door);
    return door;
  }

  /** LIVE_CLOUDS=off: the emulator plays the clouds, and takes no key that could be real. */
  private addressOf(slug: string): Address | null {
    const { providers, liveClouds, emulatorUrl } = this.config;
    const named = providers.get(slug)?.baseUrl ?? null;
    if (named !== null) return { baseUrl: named };
    if (liveClouds) return {};
    return emulatorUrl === null ? null : { baseUrl: `${emulatorUrl}/${slug}` };
  }

  private upstreamTo(slug: string, { baseUrl }: Address): UpstreamHttp {
    const { breaker, upstreamTimeoutMs, upstreamMaxBytes } = this.config;
    return new UpstreamHttp({
      provider: slug,
      breaker: new CircuitBreaker({ name: `tenant-keys:${slug}`, rule: breaker, isFailure: speaksAgainstTheCloud }),
      timeoutMs: upstreamTimeoutMs,
      maxBytes: upstreamMaxBytes,
      attempts: ATTEMPTS,
      retryBaseMs: RETRY_BASE_MS,
      privateHosts: baseUrl === undefined ? [] : [hostAndPort(new URL(baseUrl))],
    });
  }
}

const framesOf = (error: unknown): string[] =>
  (error instanceof Error ? (error.stack ?? '') : '').split('\n').filter((line) => /^ {4}at /.test(line));
