import type { ProductPlan, Tide } from '../../market/product-plan';
import { roll, textHash } from '../../market/seeded-random';
import { referenceEntries, RUNPOD_CARDS, type RunpodCard } from './runpod.reference';

/** List prices move a few times a month, spot prices with demand; both in whole cents. */
const LIST_TIDE: Tide = { chance: 0.01, stepBp: 500, rangeBp: 1_500, grain: 10_000 };
const SPOT_TIDE: Tide = { chance: 0.15, stepBp: 1_200, rangeBp: 3_500, grain: 10_000 };

/** GPUs of one card and tier, in nodes of the largest size. */
const NODES_PER_POOL = 4;

export function runpodProducts(): ProductPlan[] {
  return RUNPOD_CARDS.flatMap((card) =>
    (['secure', 'community'] as const).flatMap((tier) =>
      referenceEntries(card, tier).map((entry) => productOf(card, entry)),
    ),
  );
}

function productOf(card: RunpodCard, entry: ProductPlan['entry']): ProductPlan {
  const capacity = card.maxGpuCount * NODES_PER_POOL;
  return {
    entry,
    tide: entry.pricing === 'spot' ? SPOT_TIDE : LIST_TIDE,
    // Spot takes its cards from the on-demand pool, so only that pool's stock moves.
    lots: [
      {
        id: entry.key,
        region: 'global',
        gpuCount: 1,
        spreadBp: 10_000,
        ownMoves: 0,
        stockMoves: entry.pricing === 'spot' ? 0 : 0.5,
        capacity,
      },
    ],
  };
}

export interface RunpodDataCenter {
  readonly id: string;
  readonly location: string;
  readonly countryCode: string | null;
}

/** One of them tells no country. */
export const DATA_CENTERS: readonly RunpodDataCenter[] = [
  { id: 'US-KS-2', location: 'United States', countryCode: 'US' },
  { id: 'US-MO-1', location: 'United States', countryCode: 'US' },
  { id: 'CA-MTL-1', location: 'Canada', countryCode: 'CA' },
  { id: 'CA-MTL-4', location: 'Canada', countryCode: 'CA' },
  { id: 'EUR-IS-3', location: 'Iceland', countryCode: 'IS' },
  { id: 'EU-RO-1', location: 'Romania', countryCode: null },
];

/** Where a card stands: about half of the data centres, always the same ones. */
export function dataCentersOf(card: RunpodCard): RunpodDataCenter[] {
  const salt = textHash(card.id);
  const found = DATA_CENTERS.filter((_center, index) => roll(salt, index, 0) < 0.5);
  return found.length > 0 ? found : DATA_CENTERS.slice(0, 1);
}
