import type { CatalogueProvider } from './catalogue-offer';

interface ProvidersAt {
  readonly from: number;
  /** ms, when it came in. */
  readonly at: number;
  readonly byId: ReadonlyMap<string, CatalogueProvider>;
}

const NOBODY: ReadonlyMap<string, CatalogueProvider> = new Map();

/** The clouds as each of the last versions had them; the oldest one kept is the oldest version that can still be read. */
export class ProviderStates {
  private states: ProvidersAt[] = [];

  get oldest(): number | null {
    return this.states[0]?.from ?? null;
  }

  get newest(): ReadonlyMap<string, CatalogueProvider> {
    return this.states.at(-1)?.byId ?? NOBODY;
  }

  at(version: number): ReadonlyMap<string, CatalogueProvider> | undefined {
    return this.states.findLast(({ from }) => from <= version)?.byId;
  }

  advance(version: number, changed: readonly CatalogueProvider[], now: number): void {
    const byId = new Map(this.newest);
    for (const provider of changed) byId.set(provider.id, provider);
    this.states.push({ from: version, at: now, byId });
  }

  /** Forgets states that were superseded before `horizon`. */
  forgetBefore(horizon: number): void {
    const firstKept = this.states.findLastIndex(({ at }, index) => index === 0 || at <= horizon);
    if (firstKept > 0) this.states = this.states.slice(firstKept);
  }

  /** Forgets the oldest state, however young. @returns false when only one is left */
  forgetOldest(): boolean {
    if (this.states.length <= 1) return false;
    this.states.shift();
    return true;
  }
}
