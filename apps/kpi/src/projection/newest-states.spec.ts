import fc from 'fast-check';
import type { OfferState } from '@gpubroker/contracts/events';
import type { FoldedEvent } from './folded-event';
import { newestStates } from './newest-states';

const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
/** What the rule reads of a state; the rest is carried along. */
const state = (key: string, second: number): FoldedEvent<OfferState> => ({
  id: `${key}-${second}`,
  key,
  payload: { offer_id: key, price_per_hour: second, observed_at: at(second).toISOString() } as OfferState,
  storedAt: at(second),
});
const tombstone = (key: string, second: number): FoldedEvent<OfferState> => ({
  id: `${key}-gone-${second}`,
  key,
  payload: null,
  storedAt: at(second),
});
const shown = (events: readonly FoldedEvent<OfferState>[]) => {
  const { states, removed } = newestStates(events);
  return {
    states: Object.fromEntries(states.map(({ offer_id, price_per_hour }) => [offer_id, price_per_hour])),
    removed: removed.map(({ offer_id }) => offer_id),
  };
};

it('keeps the newest state of each offer', () => {
  expect(shown([state('a', 2), state('b', 1), state('a', 3), state('a', 1)])).toEqual({
    states: { a: 3, b: 1 },
    removed: [],
  });
});

it('removes an offer unless a state came after the tombstone', () => {
  expect(shown([state('a', 1), tombstone('a', 2)])).toEqual({ states: { a: 1 }, removed: ['a'] });
  expect(shown([state('a', 1), tombstone('a', 2), state('a', 3)])).toEqual({ states: { a: 3 }, removed: [] });
});

it('gives the same states whatever the order of arrival', () => {
  const events = fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(50)), {
    selector: ([key, second]) => `${key}-${second}`,
  });
  const shuffled = events.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
  );
  fc.assert(
    fc.property(shuffled, ([ordered, mixed]) => {
      const of = (list: readonly [string, number][]) => shown(list.map(([key, second]) => state(key, second))).states;
      expect(of(mixed)).toEqual(of(ordered));
    }),
  );
});
