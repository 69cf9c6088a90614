import type { LotPlan, ProductPlan, Tide } from '../../market/product-plan';
import { pick, roll, textHash } from '../../market/seeded-random';
import { referenceEntries, VAST_CARDS, type VastCard } from './vastai.reference';

/** One host's offer: the lot it is in the market, and what stays the same whatever its price. */
export interface VastHost {
  readonly index: number;
  readonly lotId: string;
  readonly bidLotId: string;
  readonly card: VastCard;
  readonly gpuCount: number;
  /** GPUs of the whole machine: an offer may be a slice of it. */
  readonly machineGpus: number;
  readonly geolocation: string | null;
  readonly verification: 'verified' | 'unverified' | 'deverified';
  readonly cpu: Cpu;
  readonly reliability: number;
  /** Sold with a reservation as well. */
  readonly reservable: boolean;
}

export interface Cpu {
  readonly name: string;
  readonly cores: number;
  readonly ghz: number;
}

const PLACES = [
  'Washington, US',
  'Sweden, SE',
  'Florida, US',
  'Minnesota, US',
  'Taiwan, TW',
  'Virginia, US',
  'United Kingdom, GB',
  'Hong Kong, HK',
  'Germany, DE',
  'Quebec, CA',
  'Japan, JP',
  'Brazil, BR',
] as const;

const CPUS: readonly [Cpu, ...Cpu[]] = [
  { name: 'AMD EPYC 7542 32-Core Processor', cores: 128, ghz: 2.9 },
  { name: 'AMD EPYC 7742 64-Core Processor', cores: 256, ghz: 2.25 },
  { name: 'Xeon® Gold 6148 ', cores: 80, ghz: 3.7 },
  { name: 'AMD EPYC 7713P 64-Core Processor', cores: 128, ghz: 2 },
  { name: 'Xeon® Platinum 8559C', cores: 192, ghz: 4.003 },
];

/** The cheapest host hardly moves, most come and go at one of two prices, a few stay, ask more and change their minds. */
const TEMPERS = {
  anchor: { spreadBp: 10_000, ownMoves: 0, stockMoves: 0.02 },
  follower: { spreadBp: 11_500, ownMoves: 0, stockMoves: 0.42 },
  dear: { spreadBp: 12_200, ownMoves: 0, stockMoves: 0.42 },
  maverick: { spreadBp: 14_000, ownMoves: 0.25, stockMoves: 0.1 },
} as const;

const HOST_TIDE: Tide = { chance: 0.05, stepBp: 600, rangeBp: 2_500, grain: 1_000 };
/** Bids clear more often than asks move. */
const BID_TIDE: Tide = { chance: 0.2, stepBp: 900, rangeBp: 3_000, grain: 1_000 };

/** Every host of every card, in a fixed order: the offer ids depend on it. */
export const VAST_HOSTS: readonly VastHost[] = VAST_CARDS.flatMap((card) =>
  card.hosts.map((gpuCount, place) => ({ card, gpuCount, place })),
).map(({ card, gpuCount, place }, index) => hostOf(card, gpuCount, place, index));

export function vastProducts(): ProductPlan[] {
  return VAST_CARDS.flatMap((card) => {
    const hosts = VAST_HOSTS.filter((host) => host.card === card);
    const [onDemand, bid] = referenceEntries(card, [
      ...new Set(hosts.map(({ geolocation }) => geolocation ?? 'global')),
    ]);
    return [
      { entry: onDemand, tide: HOST_TIDE, lots: hosts.map((host, place) => askLot(host, place)) },
      { entry: bid, tide: BID_TIDE, lots: hosts.map(bidLot) },
    ];
  });
}

function hostOf(card: VastCard, gpuCount: number, place: number, index: number): VastHost {
  const salt = textHash(`${card.name}/${place}`);
  const temper = temperOf(place);
  const lotId = `${card.name} #${place + 1}`;
  return {
    index,
    lotId,
    bidLotId: `${lotId} bid`,
    card,
    gpuCount,
    machineGpus: gpuCount === 8 ? 8 : gpuCount * pick([1, 2, 4], roll(salt, 0, 0)),
    // One host in forty tells no place.
    geolocation: index % 40 === 13 ? null : pick(PLACES, roll(salt, 0, 1)),
    verification: verificationOf(temper, roll(salt, 0, 2)),
    cpu: pick(CPUS, roll(salt, 0, 3)),
    reliability: Math.round((0.96 + roll(salt, 0, 4) * 0.0399) * 1e7) / 1e7,
    reservable: index % 3 === 0,
  };
}

function temperOf(place: number): keyof typeof TEMPERS {
  if (place === 0) return 'anchor';
  if (place === 6) return 'dear';
  return place % 3 === 2 ? 'maverick' : 'follower';
}

/** Mavericks are verified, so that readers who ask for verified hosts only see prices move too. */
function verificationOf(temper: keyof typeof TEMPERS, chance: number): VastHost['verification'] {
  if (temper === 'maverick' || chance < 0.7) return 'verified';
  return chance < 0.88 ? 'unverified' : 'deverified';
}

function askLot(host: VastHost, place: number): LotPlan {
  return { ...placeOf(host), ...TEMPERS[temperOf(place)], id: host.lotId, capacity: 1 };
}

function bidLot(host: VastHost): LotPlan {
  return { ...placeOf(host), id: host.bidLotId, spreadBp: 10_000, ownMoves: 0, stockMoves: 0, capacity: 1 };
}

function placeOf(host: VastHost) {
  return { region: host.geolocation ?? 'global', gpuCount: host.gpuCount };
}
