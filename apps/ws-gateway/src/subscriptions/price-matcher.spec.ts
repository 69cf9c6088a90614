import { AVAILABILITY_STATUSES } from '@gpubroker/contracts/offers';
import fc from 'fast-check';
import type { OfferFacts } from './offer-book';
import { parseFilters } from './price-filters';
import { asksForFacts, EVERYTHING, priceMatcher } from './price-matcher';
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

const FACTS: OfferFacts = { gpuCount: 8, gpuMemoryGb: 80, pricing: 'spot', complianceTags: ['soc2', 'gdpr'] };
const SILENT: OfferFacts = { gpuCount: null, gpuMemoryGb: null, pricing: null, complianceTags: [] };

const matches = (
  given: Record<string, unknown>,
  change: Partial<typeof update> = {},
  facts: OfferFacts | undefined = FACTS,
): boolean => {
  const result = parseFilters(given);
  if (!result.ok) throw new Error('bad filters');
  return priceMatcher(result.filters, () => facts)(priceSubject({ ...update, ...change }));
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
  [{ gpu_memory_min: 80, gpu_memory_max: 80 }, true],
  [{ gpu_memory_min: 81 }, false],
  [{ gpu_memory_max: 79.9 }, false],
  [{ gpu_memory_gb: '80' }, true],
  [{ gpu_memory_gb: 40 }, false],
  [{ gpu_memory_gb: 80, gpu_memory_min: 81 }, false],
  [{ gpu_count: 8 }, true],
  [{ gpu_count: 1 }, false],
  [{ pricing: 'spot' }, true],
  [{ pricing: 'on_demand' }, false],
  [{ compliance_tag: 'soc2' }, true],
  [{ compliance_tags: ['gdpr', 'soc2'] }, true],
  [{ compliance_tag: ['soc2', 'hipaa'] }, false],
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

const OF_FACTS = [{ gpu_memory_min: 0 }, { gpu_count: 8 }, { pricing: 'spot' }, { compliance_tag: 'soc2' }];

it.each(OF_FACTS)('%j matches no offer whose cloud does not say it, and any of which nothing is known yet', (given) => {
  expect(matches(given, {}, SILENT)).toBe(false);
  const result = parseFilters(given);
  expect(result.ok && priceMatcher(result.filters, () => undefined)(priceSubject(update))).toBe(true);
});

it('asks for facts only where a filter does', () => {
  const asks = (given: Record<string, unknown>) => {
    const result = parseFilters(given);
    return result.ok && asksForFacts(result.filters);
  };
  expect(OF_FACTS.map(asks)).toEqual([true, true, true, true]);
  expect(asks({ gpu_type: 'h100', region: 'eu', provider: 'vastai', max_price: 2 })).toBe(false);
});

it('has one function for no filters, so that their sockets can share bytes', () => {
  expect(priceMatcher({}, () => undefined)).toBe(EVERYTHING);
});
