import fc from 'fast-check';
import { stepsAtOnce } from '../request/turns';
import { counterfactuals } from './counterfactuals';
import { Contest, rankInSteps, type Entrant, type Ranked, type RankingRule } from './ranking';
import { WORK_RULES } from './work-rules';

const price = fc.integer({ min: 1, max: 200_000 }).map((n) => n / 10_000);
const share = fc.integer({ min: 0, max: 100 }).map((n) => n / 100);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 8 });

const entrants: fc.Arbitrary<Entrant[]> = fc
  .array(
    fc.record({
      values: fc.record({
        price,
        speed: maybe(fc.integer({ min: 1, max: 8 }).map((n) => 40 * n)),
        memory: maybe(fc.constantFrom(16, 24, 48, 80)),
        reliability: maybe(share),
      }),
      collaborative: share,
      content: share,
    }),
    { minLength: 2, maxLength: 12 },
  )
  .map((list) => list.map((entrant, index) => ({ ...entrant, id: `o${index}` })));

const rule: fc.Arbitrary<RankingRule> = fc
  .record({
    work: fc.constantFrom(...Object.values(WORK_RULES)),
    weights: fc.tuple(...[1, 2, 3].map(() => fc.integer({ min: 0, max: 10 }))).filter((raw) => raw.some((w) => w > 0)),
  })
  .map(({ work, weights }) => {
    const sum = weights.reduce((total, next) => total + next, 0);
    const [topsis = 0, collaborative = 0, content = 0] = weights.map((weight) => weight / sum);
    return { work, weights: { topsis, collaborative, content } };
  });

const USUAL: RankingRule = {
  work: WORK_RULES.llm_inference,
  weights: { topsis: 0.4, collaborative: 0.3, content: 0.3 },
};
const rank = (list: readonly Entrant[], by: RankingRule): Ranked[] => stepsAtOnce(rankInSteps(list, by));
const places = (list: readonly Entrant[], by: RankingRule) => rank(list, by).map(({ entrant }) => entrant.id);
const withPrice = (entrant: Entrant, to: number): Entrant => ({ ...entrant, values: { ...entrant.values, price: to } });

describe('whatever is ranked', () => {
  const holds = (property: (list: Entrant[], by: RankingRule) => void) =>
    fc.assert(fc.property(entrants, rule, property), { numRuns: 300 });

  it('has scores from 0 to 1 that are the sum of their contributions, best first', () => {
    holds((list, by) => {
      const ranked = rank(list, by);
      for (const [place, { score, contributions }] of ranked.entries()) {
        const { topsis, collaborative, content, dominance } = contributions;
        expect(topsis + collaborative + content + dominance).toBeCloseTo(score, 12);
        expect(score >= 0 && score <= 1 + 1e-12).toBe(true);
        expect(dominance).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(ranked[place - 1]?.score ?? 1.1);
      }
    });
  });

  it('comes out the same in whatever order it goes in', () => {
    holds((list, by) => {
      expect(rank([...list].reverse(), by)).toEqual(rank(list, by));
    });
  });

  it('never puts an offer below one that it beats in everything', () => {
    holds((list, by) => {
      const [first, ...rest] = list;
      if (first === undefined) return;
      const { values } = first;
      const better: Entrant = {
        id: 'better',
        values: { ...values, price: values.price * 0.9, reliability: Math.max(values.reliability ?? 0, 0.5) },
        collaborative: 0,
        content: 0,
      };
      const order = places([better, first, ...rest], by);
      expect(order.indexOf('better')).toBeLessThan(order.indexOf(first.id));
    });
  });

  it('never puts an offer lower for a lower price, nor scores it lower', () => {
    fc.assert(
      fc.property(entrants, rule, fc.double({ min: 0.05, max: 1, noNaN: true }), (list, by, factor) => {
        const [first, ...rest] = list;
        if (first === undefined) return;
        const cheaper = withPrice(first, first.values.price * factor);
        expect(places([cheaper, ...rest], by).indexOf(first.id)).toBeLessThanOrEqual(
          places(list, by).indexOf(first.id),
        );
        const scoreIn = (all: Entrant[]) => rank(all, by).find(({ entrant }) => entrant.id === first.id)?.score ?? 0;
        expect(scoreIn([cheaper, ...rest])).toBeGreaterThanOrEqual(scoreIn(list) - 1e-12);
      }),
      { numRuns: 300 },
    );
  });

  it('keeps the order of the others when the highest goes away, unless one was lifted to it', () => {
    holds((list, by) => {
      const ranked = rank(list, by);
      if (ranked.some(({ contributions }) => contributions.dominance > 0)) return;
      const [first] = ranked;
      const rest = list.filter(({ id }) => id !== first?.entrant.id);
      expect(places(rest, by)).toEqual(places(list, by).slice(1));
    });
  });

  it('has the same winner in a contest', () => {
    holds((list, by) => {
      const [first] = list;
      if (first === undefined) return;
      expect(new Contest(list, by).winnerWith(first.id, first)).toBe(places(list, by)[0]);
    });
  });
});

describe('counterfactuals', () => {
  it('hold when the ranking is made again, and are the nearest that do', () => {
    fc.assert(
      fc.property(entrants, rule, (list, by) => {
        const order = places(list, by);
        const contest = new Contest(list, by);
        for (const entrant of list) {
          const isWinner = entrant.id === order[0];
          for (const one of counterfactuals(contest, entrant, isWinner, 'available')) {
            const winnerWith = (change: Partial<Entrant['values']> | null) =>
              places(
                list.flatMap((other) => {
                  if (other.id !== entrant.id) return other;
                  return change === null ? [] : { ...other, values: { ...other.values, ...change } };
                }),
                by,
              )[0];
            const member = one.criterion === 'price_per_hour' ? 'price' : 'reliability';
            const change = one.criterion === 'availability_status' ? null : { [member]: Number(one.to) };
            expect(winnerWith(change)).toBe(one.new_winner);
            expect(one.new_winner).not.toBe(order[0]);
            if (change === null) continue;
            const nearer = Math.round(Number(one.to) * 10_000 - Math.sign(Number(one.to) - Number(one.from))) / 10_000;
            expect(winnerWith({ [member]: nearer })).toBe(order[0]);
          }
        }
      }),
      { numRuns: 150 },
    );
  });

  it('say at what price the second would win', () => {
    const offer = (id: string, at: number): Entrant => ({
      id,
      values: { price: at, speed: 100, memory: 80, reliability: 0.9 },
      collaborative: 0.5,
      content: 0.5,
    });
    const list = [offer('a', 2), offer('b', 3)];
    const contest = new Contest(list, USUAL);
    expect(counterfactuals(contest, offer('b', 3), false, 'available')).toContainEqual({
      criterion: 'price_per_hour',
      from: 3,
      to: 1.9999,
      new_winner: 'b',
    });
    expect(counterfactuals(contest, offer('a', 2), true, 'limited')).toEqual(
      expect.arrayContaining([
        { criterion: 'price_per_hour', from: 2, to: 3.0001, new_winner: 'b' },
        { criterion: 'availability_status', from: 'limited', to: 'unavailable', new_winner: 'b' },
      ]),
    );
  });
});
