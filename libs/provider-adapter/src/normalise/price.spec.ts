import fc from 'fast-check';
import { decimal, isPriceProblem, nodePrice, parseAmount, times } from './price';
import { fromCents, gbFrom, perHourFromMonth } from './units';

describe('nodePrice', () => {
  it.each([
    [2.56, 4, '2.56', '0.64'],
    ['23.60', 8, '23.6', '2.95'],
    [0.25866666666666666, 2, '0.25866666666666666', '0.12933333333333333'],
    [27.197, 8, '27.197', '3.399625'],
    [0.123, 0.05, '0.123', '2.46'],
  ])('splits %s over %d GPUs', (node, count, perNode, perGpu) => {
    expect(nodePrice(node, count)).toEqual({ pricePerNodeHour: perNode, pricePerGpuHour: perGpu });
  });

  it.each([
    [0, 'price_zero'],
    ['0.00', 'price_zero'],
    [-0, 'price_zero'],
    [null, 'price_missing'],
    ['', 'price_missing'],
    [undefined, 'price_missing'],
    ['N/A', 'malformed'],
    [Number.NaN, 'malformed'],
    [Number.POSITIVE_INFINITY, 'malformed'],
    [true, 'malformed'],
    [-1, 'out_of_range'],
    [700, 'price_placeholder'],
    [0.00001, 'price_placeholder'],
  ])('rejects %p as %s', (node, reason) => {
    expect(nodePrice(node, 1)).toMatchObject({ reason });
  });

  it.each([0, -1, Number.NaN])('rejects a price for %p GPUs', (count) => {
    expect(nodePrice(1, count)).toMatchObject({ reason: 'no_gpu' });
  });

  it('property 2: the price of all GPUs together is the price of the node', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4_000_000 }), fc.integer({ min: 1, max: 16 }), (micro, count) => {
        const node = decimal(micro).div(10_000);
        const price = nodePrice(node.toFixed(), count);
        if (isPriceProblem(price)) return;
        expect(decimal(price.pricePerGpuHour).times(count).toDecimalPlaces(9).eq(node)).toBe(true);
        expect(price.pricePerGpuHour).not.toContain('e');
      }),
    );
  });
});

describe('amounts and units', () => {
  it('multiplies without float dust', () => {
    expect(times('2.99', 8)).toBe('23.92');
    expect(times(0.1, 3)).toBe('0.3');
  });

  it('reads an amount in exponent form', () => {
    expect(parseAmount('1e-1')).toEqual(decimal('0.1'));
  });

  it('turns cents and months into dollars an hour', () => {
    expect(fromCents(2_392).toFixed()).toBe('23.92');
    expect(perHourFromMonth(decimal(730)).toFixed()).toBe('1');
  });

  it.each([
    [64_437, 'MB', 64.437],
    [65_536, 'MiB', 64],
    [1_800, 'GiB', 1_800],
    [59.375, 'GB', 59.375],
    [null, 'GB', null],
    [Number.NaN, 'MB', null],
    [-1, 'GB', null],
  ] as const)('reads %p %s as %p GB', (amount, unit, gb) => {
    expect(gbFrom(amount, unit)).toBe(gb);
  });
});
