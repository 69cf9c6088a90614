import { Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { HealthRegistry } from '@gpubroker/platform/health';
import { InjectLogger } from '@gpubroker/platform/logging';
import type { Logger } from 'pino';
import { CatalogueFollower } from '../catalog/catalogue-follower';
import { CatalogueIndex } from '../catalog/catalogue-index';
import type { GpuRate } from '../catalog/unit-costs';
import { ProvidersConfig } from '../providers.config';
import { changedRates } from './changed-rates';
import { GpuRatesRecorder } from './gpu-rates.recorder';
import { MathCoreClient } from './math-core.client';
import { MathCoreState } from './math-core.state';

/** The clouds of a first start come in one after the other: their new models are asked about together. */
const GATHER_MS = 50;
/** Once after the first failure, for a math-core that is just starting; more often would open its circuit for a minute. */
const RETRY_MS = 2_000;
/** As long a name as math-core takes. */
const NAME_LENGTH = 100;

/** Keeps the rates of every GPU in the catalogue fresh, in the background: no request ever waits for math-core. */
@Injectable()
export class GpuRatesRefresher implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly stopping = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private gathering: NodeJS.Timeout | undefined;
  private running: Promise<void> | null = null;
  private hasAsked = false;
  private again = false;

  constructor(
    private readonly config: ProvidersConfig,
    private readonly client: MathCoreClient,
    private readonly state: MathCoreState,
    private readonly index: CatalogueIndex,
    private readonly follower: CatalogueFollower,
    private readonly recorder: GpuRatesRecorder,
    private readonly health: HealthRegistry,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.health.add({
      name: 'math_core',
      critical: () => false,
      check: () => ({ up: !this.state.isAway, detail: { breaker: this.client.breaker.state.kind } }),
    });
    this.follower.onChange(() => {
      this.noteCatalogue();
    });
    this.timer = setInterval(() => void this.refresh(), this.config.enrichment?.refreshMs);
  }

  /** Before the pools close: what is being written has to end. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    clearInterval(this.timer);
    clearTimeout(this.gathering);
    await this.running;
  }

  /** While math-core is away only the interval asks: a market that moves would keep its circuit open. */
  private noteCatalogue(): void {
    if (this.state.isAway || (this.hasAsked && !this.hasUnratedModel())) return;
    this.refreshIn(GATHER_MS);
  }

  private refreshIn(ms: number): void {
    this.gathering ??= setTimeout(() => {
      this.gathering = undefined;
      void this.refresh();
    }, ms);
  }

  private hasUnratedModel(): boolean {
    return this.models().some((model) => !this.index.rates.has(model));
  }

  /** A name that math-core refuses would cost all others their rates: it answers the whole question or none of it. */
  private models(): string[] {
    return this.index.models().filter((model) => model.trim() !== '' && model.length <= NAME_LENGTH);
  }

  /** Never throws: the interval tries again. */
  private async refresh(): Promise<void> {
    if (this.stopping.signal.aborted) return;
    if (this.running !== null) {
      this.again = true;
      return;
    }
    this.running = this.refreshOnce();
    await this.running;
    this.running = null;
    // A model that came in meanwhile was not in the question.
    if (this.again) this.noteCatalogue();
    this.again = false;
  }

  private async refreshOnce(): Promise<void> {
    const models = this.models();
    if (models.length === 0) return;
    this.hasAsked = true;
    const rates = await this.ask(models);
    if (rates === null) return;
    const changed = changedRates(this.index.rates, rates);
    if (changed.length > 0) await this.record(changed);
  }

  private async ask(models: readonly string[]): Promise<GpuRate[] | null> {
    try {
      const rates = await this.client.rates(models, this.stopping.signal);
      if (this.state.note('answers')) this.logger.info('math-core answers again');
      return rates;
    } catch (error) {
      if (!this.stopping.signal.aborted && this.state.note('away')) {
        this.logger.warn({ err: error }, 'math-core does not answer: unit costs are the last known ones');
        this.refreshIn(RETRY_MS);
      }
      return null;
    }
  }

  private async record(changed: readonly GpuRate[]): Promise<void> {
    try {
      const written = await this.recorder.record(changed);
      if (written) this.logger.info({ gpus: changed.length }, 'rates of GPUs changed');
      await this.follower.refresh();
    } catch (error) {
      if (!this.stopping.signal.aborted) this.logger.warn({ err: error }, 'rates cannot be written, trying again');
    }
  }
}
