import { setTimeout as sleep } from 'node:timers/promises';
import { walkCatalogue } from './catalogue-walk';
import { differences, leaves, type Difference } from './differences';
import { ExpectedFigures } from './expected-figures';
import { readJson } from './read-json';
import { DAY_PRICES_PATH, SNAPSHOT_PATH, type KpiDayPrices, type KpiSnapshot } from './snapshot';

export interface ReconcileOptions {
  readonly kpiUrl: string;
  readonly providersUrl: string;
  /** How long agreement is looked for, ms. */
  readonly withinMs: number;
}

/** How the comparison that came closest ended. */
export interface Reconciliation {
  readonly version: string;
  readonly offers: number;
  readonly compared: number;
  readonly differences: readonly Difference[];
}

const EVERY_MS = 100;
/** What was committed just before the walk is folded within that time, unless kpi lags behind. */
const LISTEN_ON_MS = 2_000;

/**
 * Compares every figure of kpi with the catalogue of providers. Both move and kpi follows: one version of the catalogue is
 * walked, and kpi's answers of several moments are held against it. All figures of one of them have to agree. The days of the
 * trend, of which a catalogue says nothing, are compared with kpi's own price points.
 * @throws Error when one of the services does not answer
 */
export async function reconcile(options: ReconcileOptions): Promise<Reconciliation> {
  const figures = await reconcileFigures(options);
  const { counted, answered } = (await readJson(`${options.kpiUrl}${DAY_PRICES_PATH}`)) as KpiDayPrices;
  return {
    ...figures,
    compared: figures.compared + leaves(counted),
    differences: [...figures.differences, ...differences(counted, answered, 'trend')],
  };
}

async function reconcileFigures(options: ReconcileOptions): Promise<Reconciliation> {
  const deadline = Date.now() + options.withinMs;
  let closest: Reconciliation | null = null;
  for (;;) {
    const round = await oneRound(options);
    if (closest === null || round.differences.length <= closest.differences.length) closest = round;
    if (closest.differences.length === 0 || Date.now() > deadline) return closest;
  }
}

async function oneRound({ kpiUrl, providersUrl }: ReconcileOptions): Promise<Reconciliation> {
  const moments = new Moments(kpiUrl);
  try {
    await moments.next();
    const { version, offers } = await walkCatalogue(providersUrl);
    const figures = new ExpectedFigures(offers);
    let closest: Reconciliation | null = null;
    const until = Date.now() + LISTEN_ON_MS;
    for (;;) {
      for (const answers of moments.take()) {
        const expected = figures.for(answers);
        const found = differences(expected, answers);
        if (closest === null || found.length < closest.differences.length)
          closest = { version, offers: offers.length, compared: leaves(expected), differences: found };
        if (found.length === 0) return closest;
      }
      if (closest !== null && Date.now() > until) return closest;
      await moments.next();
    }
  } finally {
    await moments.stop();
  }
}

/** Asks kpi again and again, in the background. */
class Moments {
  private readonly stopping = new AbortController();
  private taken: KpiSnapshot[] = [];
  private failure: unknown = null;
  private readonly asking: Promise<void>;

  constructor(kpiUrl: string) {
    this.asking = this.ask(kpiUrl).catch((error: unknown) => {
      this.failure = error;
    });
  }

  /** Those since the last call. */
  take(): readonly KpiSnapshot[] {
    const taken = this.taken;
    this.taken = [];
    return taken;
  }

  /** Resolves when there is one to take. */
  async next(): Promise<void> {
    while (this.taken.length === 0) {
      if (this.failure !== null) throw new Error('kpi does not answer', { cause: this.failure });
      await sleep(EVERY_MS / 4);
    }
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.asking;
  }

  private async ask(kpiUrl: string): Promise<void> {
    while (!this.stopping.signal.aborted) {
      // Our own service, of our own version: its shape is that of this file's imports.
      this.taken.push((await readJson(`${kpiUrl}${SNAPSHOT_PATH}`)) as KpiSnapshot);
      await sleep(EVERY_MS);
    }
  }
}
