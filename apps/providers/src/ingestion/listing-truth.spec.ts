import { listingTruth } from './listing-truth';

describe('listing truth', () => {
  it.each([
    ['nothing was observed', [], null],
    ['only a first sync', [{ offered: 0, confirmed: 0 }], null],
    ['syncs of an earlier release, which did not count', [{ offered: null, confirmed: null }], null],
    ['everything stood', [{ offered: 10, confirmed: 10 }], 1],
    ['nothing stood', [{ offered: 10, confirmed: 0 }], 0],
    [
      'each offer weighs the same, not each sync',
      [
        { offered: 1, confirmed: 0 },
        { offered: 3, confirmed: 3 },
      ],
      0.75,
    ],
    ['thirds are rounded', [{ offered: 3, confirmed: 1 }], 0.3333],
  ] as const)('%s', (_case, syncs, expected) => {
    expect(listingTruth(syncs)).toBe(expected);
  });
});
