import type { LotPlan } from '../market/product-plan';

/** A lot that a cloud sells at its list price: only its stock is its own. */
export function listedLot(lot: Pick<LotPlan, 'id' | 'region' | 'gpuCount' | 'capacity'>): LotPlan {
  return { ...lot, spreadBp: 10_000, ownMoves: 0, stockMoves: 0.5 };
}
