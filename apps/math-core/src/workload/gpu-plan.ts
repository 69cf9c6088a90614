import type { Card } from '../throughput/estimate';
import type { Demand, Pace } from './demand';
import { gigabytesFor } from './vram-sizes';

export interface Span {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
}

/** GPUs that hold the work, and how long they take. */
export interface GpuPlan {
  readonly gpuModel: string;
  /** In one group. */
  readonly gpuCount: number;
  readonly replicas: number;
  /** Of one group, GB. */
  readonly vramGb: number;
  /** Of one group. */
  readonly pace: Pace | null;
  readonly hours: Span | null;
  /** GPUs x hours, over all replicas: what is paid for. */
  readonly gpuHours: Span | null;
}

const GROUP_SIZES = [1, 2, 4, 8, 16, 32, 64];
const HOUR = 3_600;
/** Hours of a service that runs until further notice. */
export const OPEN_END_HOURS = 720;

/** Cards without a fast link between them are not grouped far: by memory of one card, GB, and most GPUs in a group. */
const GROUPED = [
  { below: 20, most: 1 },
  { below: 40, most: 4 },
] as const;

/** What is proposed: groups as people run them. */
export function proposedPlan(demand: Demand, card: Card, durationHours: number | null): GpuPlan | null {
  const most = GROUPED.find(({ below }) => (card.vramGb ?? 0) < below)?.most ?? Infinity;
  const plan = gpuPlan(demand, card, durationHours);
  return plan !== null && plan.gpuCount <= most ? plan : null;
}

/** The smallest group of this card that holds the work, not below `atLeast` GPUs; null when none does. */
export function gpuPlan(demand: Demand, card: Card, durationHours: number | null, atLeast = 1): GpuPlan | null {
  const { vramGb } = card;
  if (vramGb === null) return null;
  const sizes = [...new Set([atLeast, ...GROUP_SIZES.filter((size) => size > atLeast)])];
  const gpuCount = sizes.find((size) => holds(demand, vramGb, size));
  if (gpuCount === undefined) return null;
  const pace = demand.paceOn(card, demand.divisible ? gpuCount : 1);
  const perGroup = pace === null || demand.divisible ? pace : times(pace, gpuCount);
  return {
    gpuModel: card.gpuModel,
    gpuCount,
    vramGb: vramGb * gpuCount,
    pace: perGroup,
    ...timesOf(demand, perGroup, gpuCount, durationHours),
  };
}

/** What cannot be spread has to fit into each GPU. */
const holds = (demand: Demand, vramGb: number, gpuCount: number): boolean =>
  demand.divisible ? vramGb * gpuCount >= gigabytesFor(demand, gpuCount) : vramGb >= gigabytesFor(demand, 1);

const times = ({ low, expected, high, confidence }: Pace, factor: number): Pace => ({
  low: low * factor,
  expected: expected * factor,
  high: high * factor,
  confidence,
});

type Times = Pick<GpuPlan, 'replicas' | 'hours' | 'gpuHours'>;

function timesOf(demand: Demand, pace: Pace | null, gpuCount: number, durationHours: number | null): Times {
  const unknown = { replicas: 1, hours: null, gpuHours: null };
  if (demand.rate !== null)
    return pace === null ? unknown : keepUp(demand.rate, pace, gpuCount, durationHours ?? OPEN_END_HOURS);
  if (demand.amount !== null) return pace === null ? unknown : workOff(demand.amount, pace, gpuCount, durationHours);
  const hours = demand.hours ?? durationHours;
  return hours === null ? unknown : { replicas: 1, hours: exactly(hours), gpuHours: exactly(hours * gpuCount) };
}

const exactly = (value: number): Span => ({ low: value, expected: value, high: value });

/** As many groups as the rate needs, for as long as it lasts. */
function keepUp(rate: number, pace: Pace, gpuCount: number, hours: number): Times {
  const replicas = (speed: number): number => Math.ceil(rate / speed);
  return {
    replicas: replicas(pace.expected),
    hours: exactly(hours),
    gpuHours: {
      low: replicas(pace.high) * gpuCount * hours,
      expected: replicas(pace.expected) * gpuCount * hours,
      high: replicas(pace.low) * gpuCount * hours,
    },
  };
}

/** As many groups as the deadline needs; the work is paid for once, whoever does it. */
function workOff(amount: number, pace: Pace, gpuCount: number, deadline: number | null): Times {
  const alone = {
    low: amount / pace.high / HOUR,
    expected: amount / pace.expected / HOUR,
    high: amount / pace.low / HOUR,
  };
  const replicas = deadline === null ? 1 : Math.max(1, Math.ceil(alone.expected / deadline));
  return { replicas, hours: spanTimes(alone, 1 / replicas), gpuHours: spanTimes(alone, gpuCount) };
}

const spanTimes = ({ low, expected, high }: Span, factor: number): Span => ({
  low: low * factor,
  expected: expected * factor,
  high: high * factor,
});
