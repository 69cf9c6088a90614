import { Market, type Quote } from '../../market/market';
import { STEPS_PER_HALF_HOUR } from '../../market/product-plan';
import { VAST_HOSTS, vastProducts } from './vastai.hosts';

const HALF_HOURS = 957;
const WATCHED = ['H100 SXM', 'H200', 'A100 SXM4', 'B200'];

interface Shape {
  readonly count: number;
  readonly median: number;
  readonly min: number;
}

/** The share of half-hour steps in which each figure of a card changed, as research/field.md §1 counts it. */
function changeShares(seed: number) {
  const market = new Market(vastProducts(), { seed, pulseEvery: 3 });
  const series = new Map(WATCHED.map((card) => [card, [] as Shape[]]));
  for (let halfHour = 0; halfHour <= HALF_HOURS; halfHour += 1) {
    const quotes = market.quotes();
    for (const [card, shapes] of series)
      shapes.push(shapeOf(quotes.filter((quote) => quote.product.entry.key === card)));
    for (let step = 0; step < STEPS_PER_HALF_HOUR; step += 1) market.step();
  }
  return [...series.values()].map((shapes) => ({
    count: changed(shapes, 'count'),
    median: changed(shapes, 'median'),
    min: changed(shapes, 'min'),
  }));
}

function shapeOf(quotes: readonly Quote[]): Shape {
  const prices = quotes
    .filter(({ free }) => free > 0)
    .map(({ price }) => price)
    .sort((a, b) => a - b);
  const middle = Math.floor((prices.length - 1) / 2);
  return { count: prices.length, min: prices[0] ?? 0, median: prices[middle] ?? 0 };
}

function changed(shapes: readonly Shape[], figure: keyof Shape): number {
  return (
    shapes.slice(1).filter((shape, index) => shape[figure] !== shapes[index]?.[figure]).length / (shapes.length - 1)
  );
}

describe('the emulated marketplace over four weeks', () => {
  const shares = changeShares(1);

  it('changes its number of offers in 68 to 89 % of half hours', () => {
    for (const { count } of shares) {
      expect(count).toBeGreaterThan(0.68);
      expect(count).toBeLessThan(0.89);
    }
  });

  it('changes its median price in 10 to 36 % of half hours', () => {
    for (const { median } of shares) {
      expect(median).toBeGreaterThan(0.1);
      expect(median).toBeLessThan(0.36);
    }
  });

  it('changes its lowest price in 0.1 to 10 % of half hours', () => {
    for (const { min } of shares) {
      expect(min).toBeGreaterThan(0.001);
      expect(min).toBeLessThan(0.1);
    }
  });
});

describe('a reader at the speed of npm start', () => {
  it('sees the price of a verified, listed host change within every ten seconds', () => {
    const market = new Market(vastProducts(), { seed: 1, pulseEvery: 3 });
    const verified = new Set(VAST_HOSTS.filter((host) => host.verification === 'verified').map(({ lotId }) => lotId));
    const listed = () =>
      new Map(
        market
          .quotes()
          .filter(({ plan, free }) => free > 0 && verified.has(plan.id))
          .map(({ plan, price }) => [plan.id, price]),
      );
    for (let window = 0; window < 2_000; window += 1) {
      const before = listed();
      // One step a second at speed 60.
      for (let second = 0; second < 10; second += 1) market.step();
      const moved = [...listed()].filter(([id, price]) => before.has(id) && before.get(id) !== price);
      expect(moved.length).toBeGreaterThan(0);
    }
  });
});
