import type { AdapterDependencies, BaseProviderAdapter } from './base-provider.adapter';
import type { ProviderFacts } from './provider-facts';

/** An adapter class carries its facts, so that configuration can read them before anything is built. */
export interface AdapterClass {
  new (dependencies: AdapterDependencies): BaseProviderAdapter;
  readonly facts: ProviderFacts;
}

export class UnknownProviderError extends Error {
  override readonly name = 'UnknownProviderError';

  constructor(
    readonly provider: string,
    known: readonly string[],
  ) {
    super(`no adapter named "${provider}"; known: ${known.length === 0 ? 'none' : known.join(', ')}`);
  }
}

/** Which clouds this process can talk to. An instance, not a global: two services in one process keep their own. */
export class ProviderRegistry {
  private readonly adapters = new Map<string, AdapterClass>();

  /** @throws Error when the name is taken or is not the adapter's slug */
  register(name: string, Adapter: AdapterClass): this {
    if (this.adapters.has(name)) throw new Error(`adapter "${name}" is registered twice`);
    if (Adapter.facts.slug !== name) {
      throw new Error(`adapter "${name}" calls itself "${Adapter.facts.slug}": offers would carry another name`);
    }
    this.adapters.set(name, Adapter);
    return this;
  }

  /** @throws UnknownProviderError naming the known ones */
  getAdapter(name: string): AdapterClass {
    const Adapter = this.adapters.get(name);
    if (Adapter === undefined) throw new UnknownProviderError(name, this.listAdapters());
    return Adapter;
  }

  /** Names, sorted. */
  listAdapters(): string[] {
    return [...this.adapters.keys()].sort();
  }
}
