import fc from 'fast-check';
import { cosine } from './cosine';
import { offerSimilarity, type OfferTraits } from './offer-similarity';
import { Problems } from '../request/request-object';
import { readOffer } from './parse-similarity';

const number = fc.integer({ min: -1e6, max: 1e6 }).map((n) => n / 8);
const pair = fc
  .integer({ min: 1, max: 8 })
  .chain((length) =>
    fc.tuple(
      fc.array(number, { minLength: length, maxLength: length }),
      fc.array(number, { minLength: length, maxLength: length }),
    ),
  );

describe('cosine', () => {
  it('is the same both ways, and from -1 to 1', () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        expect(cosine(a, b)).toBe(cosine(b, a));
        expect(Math.abs(cosine(a, b))).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('does not change with the length of a vector, however long', () => {
    fc.assert(
      fc.property(pair, fc.constantFrom(1e-280, 0.5, 1e280), ([a, b], factor) => {
        expect(
          cosine(
            a.map((x) => x * factor),
            b,
          ),
        ).toBeCloseTo(cosine(a, b), 6);
      }),
    );
  });

  it.each([
    [[1, 2, 3], [2, 4, 6], 1],
    [[1, 0], [0, 1], 0],
    [[1, 0], [-3, 0], -1],
    [[0, 0], [1, 2], 0],
    [[3, 4], [4, 3], 0.96],
  ])('of %j and %j is %d', (a, b, expected) => {
    expect(cosine(a, b)).toBeCloseTo(expected, 12);
  });
});

describe('two offers', () => {
  const read = (offer: Record<string, unknown>): OfferTraits => readOffer(offer, 'offer', new Problems());
  const h100 = read({ gpu_type: 'H100-SXM', gpu_family: 'H100', price_per_hour: 2.5, gpu_memory_gb: 80, region: 'eu' });

  it('are fully alike when they say the same', () => {
    expect(offerSimilarity(h100, h100)).toBeCloseTo(1, 12);
  });

  it('are less alike the further their prices are apart', () => {
    const dearer = (price: number) =>
      read({ gpu_type: 'H100-SXM', gpu_family: 'H100', price_per_hour: price, gpu_memory_gb: 80, region: 'eu' });
    const [near, far] = [dearer(3), dearer(12)].map((offer) => offerSimilarity(h100, offer));
    expect(near).toBeGreaterThan(far ?? 1);
  });

  it('are more alike within a family than across', () => {
    const pcie = read({ gpu_type: 'H100-PCIE', gpu_family: 'H100', price_per_hour: 2.5, gpu_memory_gb: 80 });
    const other = read({ gpu_type: 'MI300X', gpu_family: 'MI300X', price_per_hour: 2.5, gpu_memory_gb: 80 });
    expect(offerSimilarity(h100, pcie)).toBeGreaterThan(offerSimilarity(h100, other));
  });

  it('are not alike when one says nothing', () => {
    expect(offerSimilarity(h100, read({ price_per_hour: null }))).toBe(0);
  });
});
