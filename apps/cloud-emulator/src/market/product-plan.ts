import type { MicroUsd } from './money';
import type { ReferenceEntry } from './reference-entry';

/** Steps are minutes of market time. */
export const STEPS_PER_HALF_HOUR = 30;

/** How the price of a whole product moves. Basis points: 10,000 = the list price. */
export interface Tide {
  /** Chance per half hour that the level moves. */
  readonly chance: number;
  /** Largest single move. */
  readonly stepBp: number;
  /** Furthest the level goes from the list price, either way. */
  readonly rangeBp: number;
  /** Smallest price step of the cloud. */
  readonly grain: MicroUsd;
}

/** One thing a buyer can take: a host's offer, a pool of cards, a meter. */
export interface LotPlan {
  /** Unique within the cloud. */
  readonly id: string;
  readonly region: string;
  readonly gpuCount: number;
  /** Where this seller stands against the product's level; 10,000 = at it. */
  readonly spreadBp: number;
  /** Chance per half hour that this seller alone changes its price. */
  readonly ownMoves: number;
  /** Chance per half hour that its stock changes. */
  readonly stockMoves: number;
  /** Units in stock at most. */
  readonly capacity: number;
}

export interface ProductPlan {
  readonly entry: ReferenceEntry;
  readonly tide: Tide;
  readonly lots: readonly LotPlan[];
}
