import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { CircuitBreaker, type CircuitKind } from '@gpubroker/circuit-breaker';
import type { OfferSource } from '@gpubroker/contracts/offers';
import { InjectLogger } from '@gpubroker/platform/logging';
import type { AdapterClass, BaseProviderAdapter, Credentials } from '@gpubroker/provider-adapter/adapter';
import { speaksAgainstTheCloud, UpstreamHttp, type UpstreamHttpOptions } from '@gpubroker/provider-adapter/upstream';
import type { Logger } from 'pino';
import { createProviderRegistry } from '../adapters/registry';
import { ProvidersConfig } from '../providers.config';
import { chooseSource } from './choose-source';

/** Where a cloud's offers come from now. */
export interface ActiveSource {
  readonly slug: string;
  readonly source: Extract<OfferSource, 'live' | 'emulator'>;
  readonly adapter: BaseProviderAdapter;
  readonly credentials: Credentials | null;
}

const PROBE_MS = 2_000;
/** The emulator answers any key; keyed clouds must be shown one. */
const DEMONSTRATION_KEY = 'emulator-demonstration-key';

interface Candidate {
  readonly slug: string;
  readonly Adapter: AdapterClass;
  readonly breaker: CircuitBreaker;
  /** To the cloud itself, at the pace it allows. */
  readonly paced: UpstreamHttp;
  /** To the emulator, or an address that the operator named: no cloud's limit holds there. */
  readonly unpaced: UpstreamHttp;
  active: ActiveSource | null;
}

/**
 * Decides for each cloud whether it is asked live, stands in for by the emulator, or is not asked at all (SPEC M5). The
 * decision is taken in the background and again until it is live; a cloud that was live never falls back to the emulator.
 */
@Injectable()
export class ProviderSources implements OnApplicationShutdown {
  private readonly registry = createProviderRegistry();
  private readonly candidates: readonly Candidate[];

  constructor(
    private readonly config: ProvidersConfig,
    @InjectLogger() private readonly logger: Logger,
  ) {
    this.candidates = this.registry.listAdapters().map((slug) => this.candidateFor(slug));
  }

  get active(): readonly ActiveSource[] {
    return this.candidates.flatMap(({ active }) => (active ? [active] : []));
  }

  get slugs(): readonly string[] {
    return this.candidates.map(({ slug }) => slug);
  }

  breakerState(slug: string): CircuitKind {
    return this.candidates.find((candidate) => candidate.slug === slug)?.breaker.state.kind ?? 'closed';
  }

  breakers(): readonly CircuitBreaker[] {
    return this.candidates.map(({ breaker }) => breaker);
  }

  /**
   * Looks again at every cloud that is not live.
   * @param realRows slugs that have rows of a real source: an emulator row must never stand beside those
   */
  async decide(realRows: ReadonlySet<string>): Promise<void> {
    await Promise.all(
      this.candidates
        .filter(({ active }) => active?.source !== 'live')
        .map((candidate) => this.decideOne(candidate, realRows)),
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.candidates.flatMap(({ paced, unpaced }) => [paced.close(), unpaced.close()]));
  }

  private candidateFor(slug: string): Candidate {
    const Adapter = this.registry.getAdapter(slug);
    const breaker = new CircuitBreaker({
      name: `provider:${slug}`,
      rule: this.config.breaker,
      isFailure: speaksAgainstTheCloud,
    });
    const options: UpstreamHttpOptions = {
      provider: slug,
      breaker,
      timeoutMs: this.config.upstreamTimeoutMs,
      maxBytes: this.config.upstreamMaxBytes,
      privateHosts: this.privateHosts(slug),
    };
    const paced = new UpstreamHttp({ ...options, requestsPerMinute: Adapter.facts.requestsPerMinute });
    return { slug, Adapter, breaker, paced, unpaced: new UpstreamHttp(options), active: null };
  }

  /** Private addresses are refused but for those that the operator named: the emulator, and a cloud's address of their own. */
  private privateHosts(slug: string): string[] {
    const named = [this.config.emulatorUrl, this.config.providers.get(slug)?.baseUrl ?? null];
    return named.filter((url) => url !== null).map((url) => hostAndPort(new URL(url)));
  }

  private async decideOne(candidate: Candidate, realRows: ReadonlySet<string>): Promise<void> {
    const { slug, Adapter, paced, unpaced } = candidate;
    const settings = this.config.providers.get(slug);
    const credentials = settings?.credentials ?? null;
    const live = settings?.baseUrl
      ? new Adapter({ upstream: unpaced, baseUrl: settings.baseUrl })
      : new Adapter({ upstream: paced });
    const source = chooseSource({
      keyless: Adapter.facts.keyless,
      hasKey: (this.config.liveClouds || Boolean(settings?.baseUrl)) && credentials !== null,
      ownAddress: settings?.baseUrl !== null && settings?.baseUrl !== undefined,
      answers: this.config.liveClouds && Adapter.facts.keyless && (await live.probe(AbortSignal.timeout(PROBE_MS))),
      emulator: this.config.emulatorUrl !== null,
      hasRealRows: realRows.has(slug),
    });
    if (source === (candidate.active?.source ?? null)) return;
    this.logger.info({ provider: slug, source }, 'source of a provider decided');
    candidate.active = this.activate(candidate, source, live, credentials);
  }

  private activate(
    { slug, Adapter, unpaced }: Candidate,
    source: ActiveSource['source'] | null,
    live: BaseProviderAdapter,
    credentials: Credentials | null,
  ): ActiveSource | null {
    if (source === 'live') return { slug, source, adapter: live, credentials };
    if (source === null || this.config.emulatorUrl === null) return null;
    const demonstration = Object.fromEntries(Adapter.facts.credentialFields.map((field) => [field, DEMONSTRATION_KEY]));
    return {
      slug,
      source,
      adapter: new Adapter({ upstream: unpaced, baseUrl: `${this.config.emulatorUrl}/${slug}` }),
      credentials: Adapter.facts.keyless ? null : demonstration,
    };
  }
}

/** As UpstreamHttp names an address that may be private. */
export function hostAndPort(url: URL): string {
  return `${url.hostname.replace(/^\[|\]$/g, '')}:${url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port}`;
}
