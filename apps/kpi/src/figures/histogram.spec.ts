import { histogram } from './histogram';

const row = (bucket: number, count: number) => ({ bucket, count, lowest: '0.25', highest: '3', width: '0.1' });

it('leaves no gap, and ends the last bucket at the highest price', () => {
  expect(histogram([row(0, 2), row(2, 1), row(4, 1)], 4)).toEqual([
    { from: 0.25, to: 0.35, count: 2 },
    { from: 0.35, to: 0.45, count: 0 },
    { from: 0.45, to: 0.55, count: 1 },
    { from: 0.55, to: 0.65, count: 0 },
    { from: 0.65, to: 3, count: 1 },
  ]);
});

it('shows no bucket above the last that is needed', () => {
  expect(histogram([row(0, 2)], 4)).toEqual([{ from: 0.25, to: 0.35, count: 2 }]);
  expect(histogram([], 4)).toEqual([]);
});
