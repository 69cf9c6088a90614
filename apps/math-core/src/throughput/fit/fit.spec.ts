import { FITTED } from '../fitted';
import { isReference, quantile, sampleOf } from './fit';
import { fitReport } from './fit-report';
import { MEASUREMENTS } from './measurements';

const report = fitReport(MEASUREMENTS);
const lineOf = (what: string) => {
  const line = report.errors.find((one) => one.what === what);
  if (line === undefined) throw new Error(`no line ${what}`);
  return line;
};

it('yields the constants that the estimator uses', () => {
  for (const kind of ['gddr', 'hbm'] as const) {
    expect(FITTED.decode[kind].bandwidthFactor).toBeCloseTo(report.decode[kind].bandwidthFactor, 4);
    expect(FITTED.decode[kind].secondsPerLayer).toBeCloseTo(report.decode[kind].secondsPerLayer, 8);
  }
  for (const [engine, factor] of Object.entries(FITTED.engineFactors))
    expect(factor).toBeCloseTo(report.engines.get(engine as keyof typeof FITTED.engineFactors) ?? NaN, 4);
  expect(FITTED.serving).toEqual(report.serving);
  for (const [basis, width] of Object.entries(FITTED.spread))
    expect(width).toBeCloseTo(report.spread[basis as keyof typeof FITTED.spread], 4);
});

it('misses single-stream llama.cpp rows by 6 % at the median and 15 % at p90, at most', () => {
  expect(lineOf('llama.cpp, single stream').median).toBeLessThanOrEqual(0.06);
  expect(lineOf('llama.cpp, single stream').p90).toBeLessThanOrEqual(0.15);
});

it('misses single-stream rows of every engine by as little', () => {
  expect(lineOf('every engine, single stream').median).toBeLessThanOrEqual(0.06);
  expect(lineOf('every engine, single stream').p90).toBeLessThanOrEqual(0.15);
});

it('misses cards that it never saw by 8 % at the median, at most', () => {
  expect(lineOf('llama.cpp, each card from the others').median).toBeLessThanOrEqual(0.08);
});

it('misses batched rows by 20 % at the median, at most', () => {
  expect(lineOf('every engine, batched').median).toBeLessThanOrEqual(0.2);
});

it('misses by far less than one efficiency for every card', () => {
  const errors = MEASUREMENTS.map(sampleOf)
    .filter(isReference)
    .map(({ card, workload, measurement }) => {
      const bytes = (workload.model.parameters * workload.precision.bits) / 8;
      return Math.abs((0.55 * card.memoryBandwidth * 1e9) / bytes / measurement.tokensPerSecond - 1);
    });
  expect(quantile(errors, 0.5)).toBeGreaterThan(2 * lineOf('llama.cpp, single stream').median);
});
