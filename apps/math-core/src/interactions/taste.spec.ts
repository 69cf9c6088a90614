import fc from 'fast-check';
import { INLINE } from '../collaborative/row-solver';
import { Taste, type UserOffer } from './taste';
import { trainTaste } from './train-taste';

const NEVER = new AbortController().signal;
const train = (actions: readonly UserOffer[]) => trainTaste(actions, INLINE, NEVER);

/** Two camps that each like offers of their own. */
const CAMPS: UserOffer[] = [0, 1].flatMap((camp) =>
  Array.from({ length: 30 }, (_, index) => ({
    user: `${camp}-u${index % 6}`,
    offer: `${camp}-o${(index * 5 + Math.floor(index / 6)) % 7}`,
    weight: 1 + (index % 3),
  })),
);

it('predicts more liking for what the like-minded do than for what the others do', async () => {
  const taste = await train(CAMPS);
  const mean = (user: string, camp: number) =>
    Array.from({ length: 7 }, (_, index) => taste.liking(user, `${camp}-o${index}`)).reduce((a, b) => a + b, 0) / 7;
  expect(mean('0-u1', 0)).toBeGreaterThan(mean('0-u1', 1) + 0.3);
  expect(mean('1-u1', 1)).toBeGreaterThan(mean('1-u1', 0) + 0.3);
});

it('keeps liking and popularity from 0 to 1, whatever was done', async () => {
  const actions = fc.uniqueArray(
    fc.record({
      user: fc.constantFrom('a', 'b', 'c'),
      offer: fc.constantFrom('x', 'y', 'z', '__proto__'),
      weight: fc.integer({ min: 1, max: 1_000 }),
    }),
    { selector: ({ user, offer }) => `${user} ${offer}` },
  );
  await fc.assert(
    fc.asyncProperty(actions, async (done) => {
      const taste = await train(done);
      for (const user of ['a', 'nobody'])
        for (const offer of ['x', '__proto__', 'nothing'])
          for (const value of [taste.liking(user, offer), taste.popularity(offer)])
            expect(value >= 0 && value <= 1).toBe(true);
    }),
    { numRuns: 30 },
  );
});

it('knows nothing before anything was done', () => {
  expect(Taste.NONE.isEmpty).toBe(true);
  expect(Taste.NONE.knownOf('a')).toBe(0);
  expect(Taste.NONE.popularity('x')).toBe(0);
});

it('knows by how much was done, and what is done most', async () => {
  const taste = await train([
    { user: 'a', offer: 'x', weight: 6 },
    { user: 'b', offer: 'y', weight: 3 },
  ]);
  expect(taste.knownOf('a')).toBe(6);
  expect(taste.knownOf('nobody')).toBe(0);
  expect([taste.popularity('x'), taste.popularity('y'), taste.popularity('z')]).toEqual([1, 0.5, 0]);
});
