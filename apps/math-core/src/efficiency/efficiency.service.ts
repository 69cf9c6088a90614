import { Injectable } from '@nestjs/common';
import type { EfficiencyAnswerDto } from '@gpubroker/contracts/math';
import { MACRO_REGIONS } from '@gpubroker/contracts/offers';
import { macroRegionOf } from '@gpubroker/provider-adapter/normalise';
import { cardOf } from '../benchmarks/benchmark-card';
import { gpuFacts } from '../benchmarks/gpu-facts';
import { BenchmarkStore, findFigures } from '../benchmarks/benchmark-store';
import { shown, unitCost } from '../cost/rounding';
import type { Card } from '../throughput/estimate';
import type { Demand } from '../workload/demand';
import { demandOf } from '../workload/demand-of';
import { gpuPlan } from '../workload/gpu-plan';
import { gigabytesFor } from '../workload/vram-sizes';
import type { Budget } from '../workload/workload-request';
import type { EfficiencyRequest, JudgedOffer } from './efficiency-request';
import { efficiencyScore, PART_NAMES, type EfficiencyFigures } from './efficiency-score';

/** What every offer is compared with: a card that most clouds rent out, at about what they ask for it. */
export const REFERENCE = { gpuModel: 'A100-80GB-SXM', pricePerHour: 1.5, currency: 'USD' } as const;

const ELSEWHERE = 0.5;
const MILLION = 1_000_000;
const HOUR = 3_600;
const UNKNOWN_COST = 0.1;
const UNKNOWN_SPEED_CONFIDENCE = 0.2;

/** How well an offer suits a kind of work. */
@Injectable()
export class EfficiencyService {
  constructor(private readonly benchmarks: BenchmarkStore) {}

  async score({ offer, work, region }: EfficiencyRequest): Promise<EfficiencyAnswerDto> {
    const demand = demandOf(work);
    const card = await this.cardOf(offer);
    const ability = abilityOf(demand, card, offer);
    const reference = referenceOf(demand);
    const figures: EfficiencyFigures = {
      type: work.type,
      pricePerHour: offer.pricePerHour * offer.gpuCount,
      speed: ability.speed,
      referenceSpeed: reference.speed,
      referencePrice: isInReferenceCurrency(offer) ? reference.pricePerHour : null,
      needGb: gigabytesFor(demand, 1),
      vramGb: ability.vramGb,
      fits: ability.fits,
      availability: offer.availability,
      reliability: offer.reliability,
      regionFactor: region === null || isIn(offer.region, region) ? 1 : ELSEWHERE,
      budgetFactor: budgetFactor(offer, work.budget),
    };
    const { score, parts, weights } = efficiencyScore(figures);
    const unknown = PART_NAMES.filter((name) => parts[name] === null).length;
    const certainty = (1 - UNKNOWN_COST) ** (demand.assumptions.length + unknown);
    return {
      score: digitsOf(score),
      parts: PART_NAMES.map((name) => ({ name, score: digitsOf(parts[name]), weight: shown(weights[name]) })),
      confidence: Math.round((ability.confidence ?? UNKNOWN_SPEED_CONFIDENCE) * certainty * 100) / 100,
      details: {
        gpu_model: card?.gpuModel ?? null,
        fits: ability.fits,
        need_gb: figures.needGb,
        vram_gb: ability.vramGb,
        unit: demand.unit,
        units_per_second: ability.speed === null ? null : Number(ability.speed.toPrecision(6)),
        cost_per_million_units: perMillion(figures.pricePerHour, ability.speed),
        reference_cost_per_million_units: perMillion(reference.pricePerHour, reference.speed),
        reference_units_per_second: Number(reference.speed.toPrecision(6)),
        region_factor: figures.regionFactor,
        budget_factor: shown(figures.budgetFactor),
      },
      warnings: warningsOf(offer, card, figures, work.budget, demand),
    };
  }

  /** The card as the offer has it: memory sizes differ under one name. */
  private async cardOf({ gpuType, gpuMemoryGb }: JudgedOffer): Promise<Card | null> {
    const figures = findFigures(await this.benchmarks.known(), gpuType);
    const card = figures === null ? null : cardOf(figures);
    return card === null || gpuMemoryGb === null ? card : { ...card, vramGb: gpuMemoryGb };
  }
}

const isInReferenceCurrency = ({ currency }: JudgedOffer): boolean =>
  currency === null || currency.toUpperCase() === REFERENCE.currency;

const digitsOf = (value: number | null): number | null => (value === null ? null : shown(value));

const perMillion = (pricePerHour: number, speed: number | null): number | null =>
  speed === null ? null : unitCost((pricePerHour / (speed * HOUR)) * MILLION);

interface Ability {
  readonly fits: boolean | null;
  readonly vramGb: number | null;
  /** Units a second of the whole offer. */
  readonly speed: number | null;
  readonly confidence: number | null;
}

/** As many copies of the work as the GPUs of the offer hold, side by side. */
function abilityOf(demand: Demand, card: Card | null, { gpuCount, gpuMemoryGb }: JudgedOffer): Ability {
  const perGpu = card?.vramGb ?? gpuMemoryGb;
  if (perGpu === null) return { fits: null, vramGb: null, speed: null, confidence: null };
  const vramGb = perGpu * gpuCount;
  const least = gigabytesFor(demand, 1);
  if (card === null) return { fits: vramGb >= least, vramGb, speed: null, confidence: null };
  const slice = Math.min(1, gpuCount);
  const plan = gpuPlan(demand, { ...card, vramGb: perGpu * slice }, null);
  const copies = plan === null ? 0 : Math.floor(Math.max(1, gpuCount) / plan.gpuCount);
  if (plan === null || copies === 0) return { fits: false, vramGb, speed: null, confidence: null };
  const { pace } = plan;
  const speed = pace === null ? null : pace.expected * copies * slice;
  return { fits: true, vramGb, speed, confidence: pace?.confidence ?? null };
}

/** The reference's speed and price for the smallest group of it that holds the work. */
function referenceOf(demand: Demand): { speed: number; pricePerHour: number } {
  const facts = gpuFacts(REFERENCE.gpuModel);
  if (facts === null || facts.memoryBandwidth === null) throw new Error(`no facts of ${REFERENCE.gpuModel}`);
  const plan = gpuPlan(demand, { ...facts, memoryBandwidth: facts.memoryBandwidth }, null);
  // Work that 64 of them do not hold: nothing on the market does, and every score of it is 0.
  if (plan?.pace == null) return { speed: 1, pricePerHour: REFERENCE.pricePerHour };
  return { speed: plan.pace.expected, pricePerHour: REFERENCE.pricePerHour * plan.gpuCount };
}

/** A macro-region, a prefix that ends in "-", or a code. */
function isIn(offered: string | null, wanted: string): boolean {
  if (offered === null) return false;
  const [code, name] = [offered.toLowerCase(), wanted.toLowerCase()];
  if (MACRO_REGIONS.some((region) => region === name)) return macroRegionOf(code) === name;
  return name.endsWith('-') ? code.startsWith(name) : code === name;
}

const HOURS_OF = { hour: 1, day: 24, month: 720 } as const;

/** A budget for all of the work says nothing about one offer: how long it takes is not asked here. */
function budgetFactor(offer: JudgedOffer, budget: Budget | null): number {
  if (budget === null || budget.per === 'total' || !isComparable(offer, budget)) return 1;
  return Math.min(1, budget.amount / (offer.pricePerHour * offer.gpuCount * HOURS_OF[budget.per]));
}

const isComparable = (offer: JudgedOffer, budget: Budget): boolean =>
  budget.currency === null || offer.currency === null || budget.currency === offer.currency.toUpperCase();

function warningsOf(
  offer: JudgedOffer,
  card: Card | null,
  figures: EfficiencyFigures,
  budget: Budget | null,
  demand: Demand,
): string[] {
  return [
    ...(card === null ? ['Too little is known of this GPU: its speed is left out'] : []),
    ...(figures.fits === false ? ['The work does not fit into the memory of the offer'] : []),
    ...(offer.availability === 'unavailable' ? ['The offer cannot be had now'] : []),
    ...(offer.reliability === null ? ['The reliability of the cloud is not known and left out'] : []),
    ...(isInReferenceCurrency(offer) ? [] : [`The value is left out: the reference is in ${REFERENCE.currency}`]),
    ...(budget?.per === 'total' ? ['A budget for the whole of the work is not compared with an offer'] : []),
    ...(budget !== null && !isComparable(offer, budget) ? ['Budget and price are in different currencies'] : []),
    ...demand.assumptions,
  ];
}
