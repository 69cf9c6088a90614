import { AVAILABILITY_STATUSES } from '@gpubroker/contracts/offers';
import fc from 'fast-check';
import { parseFilters } from './price-filters';
import { EVERYTHING, priceMatcher } from './price-matcher';
import { priceSubject } from './price-subject';

const update = {
  event_id: '0190d3f2-8f5e-4c7b-9a51-0d1d6c1f3a10',
  offer_id: 'o-1',
  provider: 'vastai',
  gpu_type: 'H100-SXM',
  region: 'DE-Hessen',
  old_price: null,
  new_price: 2.4,
  currency: 'USD',
  availability_status: 'available' as const,
  timestamp: '2026-11-21T10:00:00.123Z',
};

const matches = (given: Record<string, unknown>, change: Partial<typeof update> = {}): boolean => {
  const result = parseFilters(given);
  if (!result.ok) throw new Error('bad filters');
  return priceMatcher(result.filters)(priceSubject({ ...update, ...change }));
};

it.each<[Record<string, unknown>, boolean]>([
  [{}, true],
  [{ gpu_type: '100-sx' }, true],
  [{ gpu_type: 'h%' }, false],
  [{ gpu_type: 'h.00' }, false],
  [{ region: 'eu' }, true],
  [{ region: 'us' }, false],
  [{ region: 'de-' }, true],
  [{ region: 'de-hessen' }, true],
  [{ region: 'de-hes' }, false],
  [{ provider: 'vastai' }, true],
  [{ provider: 'Vastai' }, false],
  [{ availability: 'available' }, true],
  [{ availability: 'limited' }, false],
  [{ price_min: 2.4, max_price: 2.4 }, true],
  [{ price_min: 2.5 }, false],
  [{ max_price: 2.39 }, false],
  [{ price_min: 3, max_price: 1 }, false],
  [{ gpu_type: 'h100', region: 'eu', max_price: 2 }, false],
])('%j against an H100 in Hessen at 2.40: %p', (given, expected) => {
  expect(matches(given)).toBe(expected);
});

it('matches like each filter by itself', () => {
  const text = fc.constantFrom('h100', 'a100', 'sxm', '%');
  const filters = fc.record(
    {
      gpu_type: text,
      region: fc.constantFrom('eu', 'us', 'us-', 'us-texas', 'de-hessen'),
      provider: fc.constantFrom('vastai', 'runpod'),
      availability: fc.constantFrom(...AVAILABILITY_STATUSES),
      price_min: fc.integer({ min: 0, max: 4 }),
      max_price: fc.integer({ min: 0, max: 4 }),
    },
    { requiredKeys: [] },
  );
  const change = fc.record({
    gpu_type: fc.constantFrom('H100-SXM', 'A100-80GB', 'RTX4090'),
    region: fc.constantFrom('us-texas', 'de-hessen', 'global'),
    provider: fc.constantFrom('vastai', 'runpod'),
    new_price: fc.integer({ min: 0, max: 4 }),
  });
  fc.assert(
    fc.property(filters, change, (given, changed) => {
      const oneByOne = Object.entries(given).every(([name, value]) => matches({ [name]: value }, changed));
      expect(matches(given, changed)).toBe(oneByOne);
    }),
    { numRuns: 1_000 },
  );
});

it('has one function for no filters, so that their sockets can share bytes', () => {
  expect(priceMatcher({})).toBe(EVERYTHING);
});
