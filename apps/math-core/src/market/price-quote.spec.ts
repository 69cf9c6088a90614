import fc from 'fast-check';
import type { ListedOffer } from './listed-offer';
import { priceQuote } from './price-quote';

const offer = (change: Partial<ListedOffer>): ListedOffer => ({
  id: 'a',
  provider: 'lambda',
  gpu_type: 'H100-SXM',
  price_per_hour: 2,
  currency: 'USD',
  pricing: 'on_demand',
  availability_status: 'available',
  source: 'live',
  stale: false,
  observed_at: '2026-11-21T10:00:00.000Z',
  ...change,
});

it.each<[string, Partial<ListedOffer>]>([
  ['of another model', { gpu_type: 'H100-SXM-X' }],
  ['in another currency', { currency: 'EUR' }],
  ['that cannot be had', { availability_status: 'unavailable' }],
  ['whose price is an auction floor', { pricing: 'bid' }],
  ['that are stale', { stale: true }],
])('leaves out offers %s', (_what, change) => {
  expect(priceQuote('H100-SXM', [offer(change)])).toBeNull();
  expect(priceQuote('H100-SXM', [offer({ ...change, price_per_hour: 1 }), offer({})])?.lowest).toBe(2);
});

it('takes emulated offers only where there are no others, and says so', () => {
  const emulated = offer({ source: 'emulator', price_per_hour: 1 });
  expect(priceQuote('H100-SXM', [emulated])).toMatchObject({ lowest: 1, sources: ['emulator'] });
  expect(priceQuote('H100-SXM', [emulated, offer({})])).toMatchObject({ lowest: 2, sources: ['live'] });
});

it('tells the lowest and the typical price, and how old the oldest is', () => {
  const quote = priceQuote('H100-SXM', [
    offer({ price_per_hour: 3 }),
    offer({ price_per_hour: 2, observed_at: '2026-11-21T09:00:00.000Z', source: 'catalog' }),
    offer({ price_per_hour: 9 }),
  ]);
  expect(quote).toMatchObject({ lowest: 2, typical: 3, offers: 3, sources: ['catalog', 'live'] });
  expect(quote?.observedAt.toISOString()).toBe('2026-11-21T09:00:00.000Z');
});

it('does not depend on the order, and never puts the typical price below the lowest', () => {
  const offers = fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(offers, (prices) => {
      const listed = prices.map((price) => offer({ price_per_hour: price }));
      const quote = priceQuote('H100-SXM', listed);
      expect(priceQuote('H100-SXM', listed.toReversed())).toEqual(quote);
      expect(quote?.typical).toBeGreaterThanOrEqual(quote?.lowest ?? Infinity);
      expect(quote?.lowest).toBe(Math.min(...prices));
    }),
  );
});
