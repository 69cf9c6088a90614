import { countDrop, hasTooManyBadRows, priceJump } from './sanity-gate';

describe('a jump of the price', () => {
  it.each([
    ['1', '5', 'pass'],
    ['1', '5.0001', 'hold'],
    ['5', '1', 'pass'],
    ['5.0001', '1', 'hold'],
    ['0.0000', '4', 'pass'],
  ] as const)('from %s to %s: %s', (before, after, verdict) => {
    expect(priceJump(before, after, undefined)).toBe(verdict);
  });
});

describe('a list that shrinks', () => {
  const state = { lastCount: 100, heldCount: null, released: false };

  it.each([
    [50, state, 'pass'],
    [49, state, 'hold'],
    [0, state, 'hold'],
    [49, { ...state, heldCount: 45 }, 'pass'],
    [49, { ...state, heldCount: 10 }, 'hold'],
    [0, { ...state, heldCount: 0 }, 'pass'],
    [3, { ...state, released: true }, 'pass'],
    [0, { ...state, lastCount: null }, 'pass'],
  ] as const)('to %d offers', (count, before, verdict) => {
    expect(countDrop(count, before)).toBe(verdict);
  });
});

describe('rows that could not be read', () => {
  const rows = (count: number, reason: string) => Array.from({ length: count }, () => ({ reason }));

  it('are too many above a tenth', () => {
    expect(hasTooManyBadRows(90, rows(10, 'malformed'))).toBe(false);
    expect(hasTooManyBadRows(89, rows(11, 'missing_field'))).toBe(true);
  });

  it('are not those that were refused for what they say', () => {
    expect(hasTooManyBadRows(1, rows(99, 'not_for_sale'))).toBe(false);
  });
});
