import { Injectable } from '@nestjs/common';
import type { OfferState } from '@gpubroker/contracts/events';
import type { ComplianceTag, PricingKind } from '@gpubroker/contracts/offers';

/** What the list's filters ask of an offer beside what a price change carries. Null where the cloud does not say. */
export interface OfferFacts {
  readonly gpuCount: number | null;
  /** Of one GPU. */
  readonly gpuMemoryGb: number | null;
  readonly pricing: PricingKind | null;
  readonly complianceTags: readonly ComplianceTag[];
}

/** Of offers that were waited for in vain; beyond it they are waited for once more. */
const MOST_MISSED = 10_000;

/** The facts of every offer, from the topic `offers`. Thousands of offers share a few hundred sets of facts. */
@Injectable()
export class OfferBook {
  private readonly facts = new Map<string, OfferFacts>();
  private readonly sets = new Map<string, OfferFacts>();
  private readonly waiting = new Set<() => void>();
  private readonly missed = new Set<string>();

  of(offerId: string): OfferFacts | undefined {
    return this.facts.get(offerId);
  }

  /** What was known earlier: what was noted since stands. */
  add(states: readonly OfferState[]): void {
    this.note(states.filter(({ offer_id }) => !this.facts.has(offer_id)));
  }

  note(states: readonly OfferState[]): void {
    for (const state of states) {
      this.facts.set(state.offer_id, this.shared(state));
      this.missed.delete(state.offer_id);
    }
    for (const look of this.waiting) look();
  }

  forget(offerId: string): void {
    this.facts.delete(offerId);
  }

  /**
   * An offer's first price change and its facts are two events of one transaction, on two ways here: either may come first. Facts
   * that did not come are not waited for again: everybody's changes wait meanwhile.
   */
  async whenKnown(offerIds: readonly string[], longestMs: number): Promise<void> {
    const missing = () => offerIds.filter((id) => !this.facts.has(id) && !this.missed.has(id));
    if (missing().length === 0) return;
    await new Promise<void>((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.waiting.delete(look);
        resolve();
      };
      const look = (): void => {
        if (missing().length === 0) end();
      };
      const timer = setTimeout(() => {
        this.giveUp(missing());
        end();
      }, longestMs);
      this.waiting.add(look);
    });
  }

  private giveUp(offerIds: readonly string[]): void {
    if (this.missed.size + offerIds.length > MOST_MISSED) this.missed.clear();
    for (const id of offerIds) this.missed.add(id);
  }

  private shared({ gpu_count, gpu_memory_gb, pricing, compliance_tags }: OfferState): OfferFacts {
    const key = JSON.stringify([gpu_count, gpu_memory_gb, pricing, compliance_tags]);
    const facts = this.sets.get(key) ?? {
      gpuCount: gpu_count,
      gpuMemoryGb: gpu_memory_gb,
      pricing,
      complianceTags: compliance_tags,
    };
    this.sets.set(key, facts);
    return facts;
  }
}
