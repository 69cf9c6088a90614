import { Market } from './market';
import type { ProductPlan } from './product-plan';

const PRODUCT: ProductPlan = {
  entry: {
    cloud: 'test',
    key: 'card',
    model: 'H100-SXM',
    gpuCounts: [1],
    regions: ['global'],
    listPrice: '2.00',
    unit: 'gpu_hour',
    pricing: 'on_demand',
    source: { text: 'made up for this test', date: '2026-01-01' },
  },
  tide: { chance: 0.5, stepBp: 900, rangeBp: 2_500, grain: 10_000 },
  lots: [
    { id: 'pool', region: 'global', gpuCount: 1, spreadBp: 10_000, ownMoves: 0, stockMoves: 0, capacity: 8 },
    { id: 'host', region: 'global', gpuCount: 1, spreadBp: 13_000, ownMoves: 0.3, stockMoves: 0.6, capacity: 1 },
  ],
};

function walked(seed: number, steps: number, during: (market: Market, step: number) => void = () => undefined) {
  const market = new Market([PRODUCT], { seed, pulseEvery: 5 });
  const prices: number[][] = [];
  for (let step = 0; step < steps; step += 1) {
    during(market, step);
    market.step();
    prices.push(market.quotes().map(({ price }) => price));
  }
  return { market, prices };
}

describe('Market', () => {
  it('starts at the list price', () => {
    expect(new Market([PRODUCT], { seed: 1 }).quote('pool')?.price).toBe(2_000_000);
  });

  it('replays from its seed', () => {
    expect(walked(7, 500).prices).toEqual(walked(7, 500).prices);
  });

  it('moves otherwise with another seed', () => {
    expect(walked(7, 500).prices).not.toEqual(walked(8, 500).prices);
  });

  it('asks the same prices whatever was rented in between', () => {
    const rented = walked(7, 500, (market, step) => {
      if (step === 10) market.take('pool', 8);
      if (step % 40 === 0) market.take('host', 1);
      if (step % 40 === 20) market.giveBack('host', 1);
    });
    expect(rented.prices).toEqual(walked(7, 500).prices);
  });

  it('rents out no more than it has', () => {
    const market = new Market([PRODUCT], { seed: 1 });
    expect(market.take('pool', 5)).toBe(true);
    expect(market.take('pool', 4)).toBe(false);
    expect(market.quote('pool')?.free).toBe(3);
  });

  it('takes back what was rented', () => {
    const market = new Market([PRODUCT], { seed: 1 });
    market.take('pool', 8);
    market.giveBack('pool', 8);
    expect(market.quote('pool')).toMatchObject({ free: 8, generation: 1 });
  });

  it('counts a generation each time a host comes back', () => {
    const { market } = walked(3, 3_000);
    expect(market.quote('host')?.generation).toBeGreaterThan(5);
  });

  it('holds a pinned lot at its price until it is let go', () => {
    const market = new Market([PRODUCT], { seed: 1 });
    market.pin('pool', 1_230_000);
    for (let step = 0; step < 200; step += 1) market.step();
    expect(market.quote('pool')?.price).toBe(1_230_000);
    market.pin('pool', null);
    expect(market.quote('pool')?.price).not.toBe(1_230_000);
  });

  it('knows nothing of lots that are not its own', () => {
    const market = new Market([PRODUCT], { seed: 1 });
    expect(market.quote('nowhere')).toBeUndefined();
    expect(market.take('nowhere', 1)).toBe(false);
    expect(market.pin('nowhere', 1)).toBe(false);
    expect(() => {
      market.giveBack('nowhere', 1);
    }).not.toThrow();
  });

  it('refuses two lots of one name', () => {
    expect(() => new Market([PRODUCT, PRODUCT], { seed: 1 })).toThrow('two lots are called pool');
  });
});
