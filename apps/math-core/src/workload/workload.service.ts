import { Injectable } from '@nestjs/common';
import type { WorkloadEstimateDto, WorkloadMapDto } from '@gpubroker/contracts/math';
import { cardOf } from '../benchmarks/benchmark-card';
import type { BenchmarkFigures } from '../benchmarks/benchmark-figures';
import { BenchmarkStore, findFigures } from '../benchmarks/benchmark-store';
import { vramNeed } from '../cost/cost-answer';
import { shown } from '../cost/rounding';
import { PriceBook, type Quotes } from '../market/price-book';
import type { Card } from '../throughput/estimate';
import { chooseTiers } from './choose-tiers';
import type { Demand } from './demand';
import { demandOf } from './demand-of';
import { gpuPlan, proposedPlan, type GpuPlan } from './gpu-plan';
import { byMerit, pricedPlan, withinBudget, type PricedPlan } from './priced-plan';
import { RENTED_GPUS } from './rented-gpus';
import { comfortableGb, gigabytesFor } from './vram-sizes';
import { confidenceOf, hoursRange, moneyRange, planAnswer, warningsOf } from './workload-answer';
import type { WorkloadRequest } from './workload-request';
import { groupName, planWords } from './workload-words';

/** Everything that is known of a job before it is put into words. */
interface Survey {
  readonly request: WorkloadRequest;
  readonly demand: Demand;
  readonly leastGb: number;
  readonly roomyGb: number;
  readonly plans: readonly PricedPlan[];
  readonly requested: PricedPlan | null;
  readonly gpuWarning: string | null;
  readonly pricesAway: boolean;
  readonly now: number;
}

/** What a job needs, on which GPUs, for how long and for how much. */
@Injectable()
export class WorkloadService {
  constructor(
    private readonly benchmarks: BenchmarkStore,
    private readonly prices: PriceBook,
  ) {}

  /** The need, a GPU for each tier, and the cost of the best. */
  async estimate(request: WorkloadRequest): Promise<WorkloadEstimateDto> {
    const survey = await this.survey(request);
    const { demand, leastGb, roomyGb, now } = survey;
    const tiers = chooseTiers(survey.plans, roomyGb, survey.requested);
    const chosen = tiers[0]?.priced ?? null;
    return {
      ...needAnswer(survey),
      recommended_gpu_tiers: tiers.map(({ tier, priced }) => ({ ...planAnswer(priced, now), tier })),
      estimated_cost_range: chosen === null ? null : moneyRange(chosen.cost, chosen.quote),
      estimated_hours: chosen?.plan.hours == null ? null : shown(chosen.plan.hours.expected),
      estimated_hours_range: hoursRange(chosen?.plan.hours ?? null),
      confidence: confidenceOf(request, demand, chosen),
      reasoning: [
        ...demand.facts,
        ...demand.assumptions,
        `It needs ${leastGb} GB at least; ${roomyGb} GB leave room.`,
        ...(chosen === null ? [] : planWords(chosen, demand, now)),
      ].join(' '),
      warnings: warningsOf({ ...survey, chosen }),
    };
  }

  /** Every GPU that can do it, best first. */
  async map(request: WorkloadRequest): Promise<WorkloadMapDto> {
    const survey = await this.survey(request);
    const { demand, now } = survey;
    const ranked = withRequested(survey).toSorted(byMerit(request.budget));
    const chosen = ranked[0] ?? null;
    return {
      ...needAnswer(survey),
      gpus: ranked.map((priced, index) => ({
        ...planAnswer(priced, now),
        rank: index + 1,
        within_budget: withinBudget(priced, request.budget),
        why: [
          `${groupName(priced)} ${priced.plan.gpuCount === 1 ? 'holds' : 'hold'} ${gigabytesFor(demand, priced.plan.gpuCount)} GB in ${priced.plan.vramGb} GB.`,
          ...planWords(priced, demand, now),
        ].join(' '),
      })),
      confidence: confidenceOf(request, demand, chosen),
      reasoning: [
        ...demand.facts,
        ...demand.assumptions,
        'GPUs within the budget come first, then the cheapest at the typical price, then the fastest.',
      ].join(' '),
      warnings: warningsOf({ ...survey, chosen }),
    };
  }

  private async survey(request: WorkloadRequest): Promise<Survey> {
    const demand = demandOf(request);
    const rows = await this.benchmarks.known();
    const plans = RENTED_GPUS.flatMap((name) => {
      const card = cardNamed(rows, name);
      const plan = card === null ? null : proposedPlan(demand, card, request.durationHours);
      return plan ?? [];
    });
    const wish = wishedPlan(rows, demand, request);
    const models = new Set([...plans, ...(wish.plan === null ? [] : [wish.plan])].map(({ gpuModel }) => gpuModel));
    const quotes = await this.prices.quotes([...models], request.region);
    const leastGb = gigabytesFor(demand, 1);
    return {
      request,
      demand,
      leastGb,
      roomyGb: comfortableGb(leastGb),
      plans: plans.map((plan) => priced(plan, quotes)),
      requested: wish.plan === null ? null : priced(wish.plan, quotes),
      gpuWarning: wish.warning,
      pricesAway: quotes.away,
      now: Date.now(),
    };
  }
}

const needAnswer = ({ request, demand, leastGb, roomyGb }: Survey) => ({
  workload_type: request.type,
  min_vram_gb: leastGb,
  recommended_vram_gb: roomyGb,
  vram: vramNeed(demand.memoryOn(1)),
  unit: demand.unit,
});

const priced = (plan: GpuPlan, { byModel }: Quotes): PricedPlan => pricedPlan(plan, byModel.get(plan.gpuModel) ?? null);

function cardNamed(rows: readonly BenchmarkFigures[], name: string): Card | null {
  const figures = findFigures(rows, name);
  return figures === null ? null : cardOf(figures);
}

/** The GPU that was asked for, in at least as many pieces; more where the work would not fit. */
function wishedPlan(
  rows: readonly BenchmarkFigures[],
  demand: Demand,
  { gpu, gpuCount, durationHours }: WorkloadRequest,
): { plan: GpuPlan | null; warning: string | null } {
  if (gpu === null) return { plan: null, warning: null };
  const card = cardNamed(rows, gpu);
  if (card === null) return { plan: null, warning: `Too little is known of the GPU ${JSON.stringify(gpu)}` };
  const plan = gpuPlan(demand, card, durationHours, gpuCount ?? 1);
  if (plan === null) return { plan, warning: `The work does not fit into ${card.gpuModel}` };
  const more = gpuCount !== null && plan.gpuCount > gpuCount;
  return { plan, warning: more ? `${gpuCount} x ${card.gpuModel} do not hold the work; ${plan.gpuCount} do` : null };
}

/** A plan that was asked for stands beside the others, not twice. */
function withRequested({ plans, requested }: Survey): readonly PricedPlan[] {
  if (requested === null) return plans;
  const isSame = ({ plan }: PricedPlan): boolean =>
    plan.gpuModel === requested.plan.gpuModel && plan.gpuCount === requested.plan.gpuCount;
  return plans.some(isSame) ? plans : [requested, ...plans];
}
