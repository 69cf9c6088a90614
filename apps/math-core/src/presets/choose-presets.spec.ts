import fc from 'fast-check';
import type { BenchmarkFigures } from '../benchmarks/benchmark-figures';
import { madeOffer } from '../../test/support/made-offer';
import { choosePreset, type Market, type RuledPreset } from './choose-presets';
import { recommendable, type MarketOffer } from './market-offer';

const RATES: Readonly<Record<string, number>> = { 'H100-SXM': 989.5, B200: 2250, 'RTX-4090': 165 };
const figuresOf = (gpuType: string) =>
  RATES[gpuType] === undefined ? null : ({ tflopsFp16: RATES[gpuType], vramGb: 80 } as BenchmarkFigures);
const offer = (id: string, change: Partial<MarketOffer> = {}) => madeOffer(id, change) as MarketOffer;
const market = (...offers: MarketOffer[]): Market => ({ offers, figuresOf });
const chosen = (preset: RuledPreset, ...offers: MarketOffer[]) => choosePreset(preset, market(...offers))?.offer.id;

it.each<[RuledPreset, string]>([
  ['highest_performance', 'fast'],
  ['most_reliable', 'steady'],
  ['budget_friendly', 'cheap'],
  ['enterprise_grade', 'certified'],
])('%s is the offer %s', (preset, expected) => {
  const offers = [
    offer('plain'),
    offer('fast', { gpu_type: 'B200', price_per_hour: 6 }),
    offer('faster-dearer', { gpu_type: 'B200', price_per_hour: 7 }),
    offer('steady', { reliability_score: 0.99 }),
    offer('cheap', { gpu_type: 'RTX-4090', gpu_memory_gb: 24, price_per_hour: 0.4 }),
    offer('cheapest-too-small', { gpu_type: 'RTX-3070', gpu_memory_gb: 8, price_per_hour: 0.1 }),
    offer('certified', { compliance_tags: ['soc2', 'iso27001'], price_per_hour: 4 }),
    offer('interruptible', { pricing: 'spot', price_per_hour: 0.01, reliability_score: 1 }),
  ];
  expect(chosen(preset, ...offers)).toBe(expected);
});

it('best value goes to the cheaper of two alike, and to the faster at one price', () => {
  expect(chosen('best_value', offer('dear', { price_per_hour: 3 }), offer('cheap'))).toBe('cheap');
  expect(chosen('best_value', offer('slow', { gpu_type: 'RTX-4090' }), offer('fast'))).toBe('fast');
});

it('chooses nothing where nothing qualifies', () => {
  expect(choosePreset('enterprise_grade', market(offer('a')))).toBeNull();
  expect(choosePreset('highest_performance', market(offer('a', { gpu_type: 'Unheard of' })))).toBeNull();
});

it('chooses the same in whatever order the offers come', () => {
  const offers = fc.uniqueArray(
    fc.record({
      id: fc.string({ minLength: 1, maxLength: 3 }),
      gpu_type: fc.constantFrom(...Object.keys(RATES)),
      price_per_hour: fc.constantFrom(1, 2, 3),
      reliability_score: fc.constantFrom(0.5, 0.9, null),
    }),
    { minLength: 1, selector: ({ id }) => id },
  );
  const presets = ['best_value', 'highest_performance', 'most_reliable', 'budget_friendly'] as const;
  fc.assert(
    fc.property(offers, fc.constantFrom(...presets), (list, preset) => {
      const all = list.map(({ id, ...change }) => offer(id, change));
      expect(chosen(preset, ...all.toReversed())).toBe(chosen(preset, ...all));
    }),
  );
});

it('leaves out what cannot be had, is stale, an auction floor or in another currency, and emulated offers beside real ones', () => {
  const bad: Partial<MarketOffer>[] = [
    { availability_status: 'unavailable' },
    { stale: true },
    { pricing: 'bid' },
    { currency: 'EUR' },
    { source: 'emulator' },
  ];
  const offers = bad.map((change, index) => offer(`bad${index}`, change));
  expect(recommendable([...offers, offer('good')]).map(({ id }) => id)).toEqual(['good']);
  expect(recommendable(offers).map(({ id }) => id)).toEqual(['bad4']);
});
