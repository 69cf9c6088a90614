import { hourlyPrice } from './scaleway.price';

describe('hourlyPrice', () => {
  it.each([
    [{ units: 0, nanos: 105_000_000, unit: 'minute', size: 1 }, '6.3'],
    [{ units: 1, nanos: 221_000_000, unit: 'hour', size: 1 }, '1.221'],
    [{ units: 3, nanos: null, unit: 'hour', size: 2 }, '1.5'],
    [{ units: 24, nanos: 0, unit: 'day', size: 1 }, '1'],
    [{ units: 730, nanos: 0, unit: 'month', size: 1 }, '1'],
    [{ units: null, nanos: null, unit: 'hour', size: 1 }, null],
    [{ units: 1, nanos: 0, unit: 'gigabyte', size: 1 }, undefined],
    [{ units: 1, nanos: 0, unit: null, size: 1 }, undefined],
    [{ units: 1, nanos: 0, unit: 'hour', size: 0 }, undefined],
    [{ units: 1, nanos: 0, unit: 'hour', size: null }, undefined],
    [{ units: 'one', nanos: 0, unit: 'hour', size: 1 }, undefined],
  ])('reads %j as %p', (price, perHour) => {
    expect(hourlyPrice(price)).toBe(perHour);
  });
});
