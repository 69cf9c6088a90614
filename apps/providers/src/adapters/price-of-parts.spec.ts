import { priceOfParts } from './price-of-parts';

describe('priceOfParts', () => {
  it('adds the parts to the GPUs', () => {
    const price = priceOfParts('0.15', [
      { name: 'cpu', units: 4, unitPrice: 0.003 },
      { name: 'ram', units: 16, unitPrice: '0.002' },
      { name: 'disk', units: 100, unitPrice: 0.00005 },
    ]);
    expect(price).toEqual({ total: '0.199', includes: ['gpu', 'cpu', 'ram', 'disk'], unpriced: [] });
  });

  it('takes 0 for free of charge', () => {
    expect(priceOfParts('1', [{ name: 'ipv4', units: 1, unitPrice: '0' }])).toEqual({
      total: '1',
      includes: ['gpu', 'ipv4'],
      unpriced: [],
    });
  });

  it.each([null, undefined, '', 'soon', -1])('does not take %p for free of charge', (unitPrice) => {
    expect(priceOfParts('1', [{ name: 'ram', units: 16, unitPrice }])).toEqual({
      total: '1',
      includes: ['gpu'],
      unpriced: ['ram'],
    });
  });
});
