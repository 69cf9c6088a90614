import type { PricingKind } from '@gpubroker/contracts/offers';

/** Where a list price was read, and the day it held. */
export interface PriceSource {
  readonly text: string;
  /** YYYY-MM-DD. */
  readonly date: string;
}

/** One list price of one cloud. The market moves around it; it never moves itself. */
export interface ReferenceEntry {
  /** Slug of the cloud, as in its base path. */
  readonly cloud: string;
  /** Unique within the cloud. */
  readonly key: string;
  /** Canonical GPU model, for readers of the list; clouds write their own spelling on the wire. */
  readonly model: string;
  /** Sizes it is sold in; a fraction where the cloud sells slices. */
  readonly gpuCounts: readonly number[];
  /** Upstream region names; `global` where the cloud names none. */
  readonly regions: readonly string[];
  /** USD, decimal string, per `unit`. */
  readonly listPrice: string;
  readonly unit: 'gpu_hour' | 'node_hour';
  readonly pricing: PricingKind;
  readonly source: PriceSource;
}

/** Read on a price page by somebody who keeps such pages; all of it on one day. */
export const collectedFrom = (page: string): PriceSource => ({
  text: `${page}, collected by tardellirs/gpu-pricing (MIT)`,
  date: '2026-05-24',
});
