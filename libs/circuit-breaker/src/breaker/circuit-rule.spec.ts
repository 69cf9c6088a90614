import { completeRule } from './circuit-rule';

describe('completeRule', () => {
  it('gives five failures in 30 s, 60 s open and three trials when nothing is said', () => {
    expect(completeRule()).toEqual({ failures: 5, withinMs: 30_000, openForMs: 60_000, trials: 3 });
  });

  it('keeps what is said', () => {
    const said = { failures: 1, withinMs: 2, openForMs: 3, trials: 4 };
    expect(completeRule(said)).toEqual(said);
  });

  it.each([
    { failures: 0 },
    { failures: 1.5 },
    { failures: NaN },
    { trials: 0 },
    { trials: -1 },
    { withinMs: 0 },
    { withinMs: NaN },
    { openForMs: 0 },
    { openForMs: Infinity },
    { openForMs: 2_147_483_648 },
  ])('refuses %j', (rule) => {
    expect(() => completeRule(rule)).toThrow(RangeError);
  });
});
