import { marketPace } from './market-pace';

describe('market pace', () => {
  it.each([
    [0.5, { tickMs: 120_000, stepsPerTick: 1 }],
    [1, { tickMs: 60_000, stepsPerTick: 1 }],
    [60, { tickMs: 1_000, stepsPerTick: 1 }],
    [600, { tickMs: 1_000, stepsPerTick: 10 }],
  ])('at speed %p ticks as %p', (speed, expected) => {
    expect(marketPace(speed)).toEqual(expected);
  });
});
