import type { GpuTier } from '@gpubroker/contracts/math';
import { byMerit, type PricedPlan } from './priced-plan';

export interface Tier {
  readonly tier: GpuTier;
  readonly priced: PricedPlan;
}

/** One plan for each tier, none twice; the one that was asked for comes first. */
export function chooseTiers(
  plans: readonly PricedPlan[],
  comfortableGb: number,
  requested: PricedPlan | null,
): readonly Tier[] {
  const merit = byMerit(null);
  const best = (from: readonly PricedPlan[], order: (a: PricedPlan, b: PricedPlan) => number) =>
    from.toSorted(order)[0];
  const roomy = plans.filter(({ plan }) => plan.vramGb >= comfortableGb);
  const tiers: readonly (readonly [GpuTier, PricedPlan | undefined])[] = [
    ['requested', requested ?? undefined],
    ['recommended', best(roomy.length > 0 ? roomy : plans, merit)],
    ['minimum', best(plans, (a, b) => a.plan.vramGb - b.plan.vramGb || merit(a, b))],
    ['performance', best(plans, (a, b) => speedOf(b) - speedOf(a) || merit(a, b))],
  ];
  const seen = new Set<string>();
  return tiers.flatMap(([tier, priced]) => {
    if (priced === undefined) return [];
    const key = `${priced.plan.gpuCount} ${priced.plan.gpuModel}`;
    if (seen.has(key)) return [];
    seen.add(key);
    return [{ tier, priced }];
  });
}

const speedOf = ({ plan }: PricedPlan): number => plan.pace?.expected ?? 0;
