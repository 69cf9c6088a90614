import fc from 'fast-check';
import { forecast } from './forecast';
import { medianOf } from './median-series';
import { ordered, priceGrid, type PricePoint } from './price-series';
import { trendPerHour, volatility } from './price-statistics';

const HOUR = 3_600_000;
const hourly = (values: readonly number[], start = 0): PricePoint[] =>
  values.map((value, index) => ({ at: start + index * HOUR, value }));
const prices = fc.array(fc.double({ min: 0.1, max: 50, noNaN: true }), { minLength: 2, maxLength: 120 });
const horizon = fc.integer({ min: 1, max: 200 });

describe('volatility', () => {
  it('of a constant price is 0, and of a swing between 1 and 3 is a half', () => {
    expect(volatility(hourly(Array<number>(50).fill(2.49)))).toBe(0);
    expect(volatility(hourly([1, 3, 1, 3, 1]))).toBeCloseTo(0.5, 12);
  });

  it('weighs a price by how long it held, not by how often it was seen', () => {
    const seen = hourly([1, 1, 1, 3, 1]);
    expect(volatility([seen[0]!, seen[3]!, seen[4]!])).toBeCloseTo(volatility(seen), 12);
  });

  it('does not depend on the currency or on the moment', () => {
    fc.assert(
      fc.property(
        prices,
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        fc.integer({ max: 10 ** 12, min: 0 }),
        (values, rate, start) => {
          const own = volatility(hourly(values));
          expect(
            volatility(
              hourly(
                values.map((value) => value * rate),
                start,
              ),
            ),
          ).toBeCloseTo(own, 6);
          expect(own).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });

  it('of prices that are all 0 is 0', () => {
    expect(volatility(hourly([0, 0, 0]))).toBe(0);
  });
});

describe('the trend', () => {
  it('of a straight line is its slope, however irregularly it was seen', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1, max: 1, noNaN: true }),
        fc.uniqueArray(fc.integer({ min: 0, max: 5_000 }), { minLength: 2, maxLength: 60 }),
        (slope, hours) => {
          const line = ordered(hours.map((hour) => ({ at: hour * HOUR, value: 100 + slope * hour })));
          expect(trendPerHour(line)).toBeCloseTo(slope, 8);
        },
      ),
    );
  });

  it('is not bent by a spike', () => {
    const values = Array.from({ length: 100 }, (_, hour) => 2 + 0.01 * hour);
    values[40] = 500;
    expect(trendPerHour(hourly(values))).toBeCloseTo(0.01, 3);
  });

  it('of a long series is read from evenly spread points', () => {
    expect(trendPerHour(hourly(Array.from({ length: 20_000 }, (_, hour) => hour * 0.5)))).toBeCloseTo(0.5, 9);
  });

  it('of one moment is 0', () => {
    expect(trendPerHour(hourly([2]))).toBe(0);
  });
});

describe('the forecast', () => {
  it('has the value inside the range, never below 0, the last point at the horizon', () => {
    fc.assert(
      fc.property(prices, horizon, (values, hours) => {
        const points = forecast(hourly(values), hours);
        expect(points.at(-1)?.at).toBe((values.length - 1 + hours) * HOUR);
        for (const { value, low, high } of points) {
          expect(low).toBeGreaterThanOrEqual(0);
          expect(low).toBeLessThanOrEqual(value);
          expect(value).toBeLessThanOrEqual(high);
          expect(Number.isFinite(high)).toBe(true);
        }
      }),
    );
  });

  it('is the same in another currency and at another time', () => {
    fc.assert(
      fc.property(prices, horizon, (values, hours) => {
        const own = forecast(hourly(values), hours);
        const moved = forecast(
          hourly(
            values.map((value) => value * 4),
            HOUR * 1_000,
          ),
          hours,
        );
        for (const [index, point] of own.entries()) {
          expect(moved[index]?.value).toBeCloseTo(point.value * 4, 6);
          expect(moved[index]?.low).toBeCloseTo(point.low * 4, 6);
          expect(moved[index]?.high).toBeCloseTo(point.high * 4, 6);
        }
      }),
    );
  });

  it('of a price that never changed in four weeks stays there', () => {
    const points = forecast(hourly(Array<number>(672).fill(1.49)), 48);
    expect(points).toHaveLength(48);
    for (const { value, low, high } of points) expect([value, low, high]).toEqual([1.49, 1.49, 1.49]);
  });

  it('of a straight line goes on along it', () => {
    const line = hourly(Array.from({ length: 300 }, (_, hour) => 1 + 0.01 * hour));
    expect(forecast(line, 24).at(-1)?.value).toBeCloseTo(1 + 0.01 * (299 + 24), 6);
  });

  it.each([
    ['rises in two steps and falls in one', (index: number) => 2 + (index % 3)],
    ['falls in six steps and rises in one', (index: number) => 7 - (index % 7)],
    ['swings', (index: number) => 2 + Math.sin(index)],
  ])('of a price that %s and ends where it began goes nowhere', (_what, price) => {
    const values = Array.from({ length: 211 }, (_, index) => price(index));
    const seen = { low: Math.min(...values), high: Math.max(...values) };
    for (const { value } of forecast(hourly(values), 48)) {
      expect(value).toBeGreaterThan(seen.low - 0.5);
      expect(value).toBeLessThan(seen.high + 0.5);
    }
  });

  it('carries a change on for no longer than it was seen', () => {
    const line = hourly(Array.from({ length: 101 }, (_, index) => 1 + index * 0.01));
    expect(forecast(line, 100).at(-1)?.value).toBeCloseTo(3, 6);
    expect(forecast(line, 2_000).at(-1)?.value).toBeCloseTo(3, 6);
  });

  it('of two points is as wide as is usual for GPU prices', () => {
    const [point] = forecast(hourly([2, 2]), 1);
    expect(point?.value).toBe(2);
    expect(point?.high).toBeGreaterThan(2.01);
    const day = forecast(hourly([2, 2]), 24).at(-1);
    expect(day?.low).toBeCloseTo(1.9, 6);
    expect(day?.high).toBeCloseTo(2.1, 6);
  });

  it('bridges a gap of weeks with the price before it', () => {
    const series = [...hourly([2, 2, 2]), { at: 1_000 * HOUR, value: 2.2 }];
    expect(
      priceGrid(series)
        .values.slice(0, -1)
        .every((value) => value === 2),
    ).toBe(true);
    expect(forecast(series, 24).at(-1)?.high).toBeGreaterThanOrEqual(2.2);
  });

  it('expects that a spike goes back', () => {
    const series = hourly([...Array<number>(200).fill(2), 6]);
    const [point] = forecast(series, 24);
    expect(point?.low).toBeLessThanOrEqual(2);
    const drop = forecast(hourly([...Array<number>(200).fill(2), 0.5]), 24)[0];
    expect(drop?.high).toBeGreaterThanOrEqual(1.9);
  });

  it('has no more than a week of points, evenly spread', () => {
    const points = forecast(hourly([2, 2.1, 2]), 2_000);
    expect(points.length).toBeLessThanOrEqual(169);
    expect(points.at(-1)?.at).toBe(2_002 * HOUR);
  });
});

describe('the median of several histories', () => {
  it('counts those that are known at each moment', () => {
    const one = [{ at: 0, value: 1 }, { at: 10, value: 2 }]; // prettier-ignore
    const other = [{ at: 5, value: 3 }];
    expect(medianOf([one, other])).toEqual([
      { at: 0, value: 1 },
      { at: 5, value: 2 },
      { at: 10, value: 2.5 },
    ]);
  });

  it('begins when half of them are known', () => {
    const late = [{ at: 100, value: 9 }];
    expect(medianOf([[{ at: 0, value: 1 }], late, late])[0]).toEqual({ at: 100, value: 9 });
    expect(medianOf([[{ at: 0, value: 1 }], late])[0]).toEqual({ at: 0, value: 1 });
  });

  it('of one history is that history', () => {
    fc.assert(
      fc.property(prices, (values) => {
        expect(medianOf([hourly(values)])).toEqual(hourly(values));
      }),
    );
  });
});

it('orders points, the last word of each moment counting', () => {
  expect(ordered([{ at: 2, value: 1 }, { at: 1, value: 5 }, { at: 2, value: 3 }])).toEqual([{ at: 1, value: 5 }, { at: 2, value: 3 }]); // prettier-ignore
});
