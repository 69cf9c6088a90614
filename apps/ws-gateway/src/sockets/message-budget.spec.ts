import fc from 'fast-check';
import { MessageBudget } from './message-budget';

const spend = (budget: MessageBudget, times: number, now: number) =>
  Array.from({ length: times }, () => budget.spend(now));

it('takes forty at once and then twenty a second', () => {
  const budget = new MessageBudget(0);
  expect(spend(budget, 41, 0).filter((one) => one === 'taken')).toHaveLength(40);
  expect(spend(budget, 30, 1_000).filter((one) => one === 'taken')).toHaveLength(20);
});

it('is exhausted by a hundred refusals in a row, and tells the first', () => {
  const budget = new MessageBudget(0);
  spend(budget, 40, 0);
  expect(budget.isFirstRefusal).toBe(false);
  expect(budget.spend(0)).toBe('refused');
  expect(budget.isFirstRefusal).toBe(true);
  expect(new Set(spend(budget, 99, 0))).toEqual(new Set(['refused']));
  expect(budget.isFirstRefusal).toBe(false);
  expect(budget.spend(0)).toBe('exhausted');
});

it('never takes more than forty and twenty for each second', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 300 }), (pauses) => {
      const budget = new MessageBudget(0);
      let now = 0;
      let taken = 0;
      for (const pause of pauses) {
        now += pause;
        if (budget.spend(now) === 'taken') taken += 1;
      }
      expect(taken).toBeLessThanOrEqual(40 + (now / 1_000) * 20);
    }),
  );
});
