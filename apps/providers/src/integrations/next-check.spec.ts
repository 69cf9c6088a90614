import { secondsToNextCheck } from './next-check';

it('asks a cloud that is away after 30 s, then ever later, and at least every hour', () => {
  const waits = Array.from({ length: 10 }, (_none, failed) => secondsToNextCheck('unreachable', failed, 30));
  expect(waits).toEqual([30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]);
});

it('never asks more often than it was told to', () => {
  expect(secondsToNextCheck('unreachable', 50, 7_200)).toBe(7_200);
});

it('looks at a key that works once a day', () => {
  expect(secondsToNextCheck('accepted', 3, 30)).toBe(86_400);
});

it('does not ask about a refused key again', () => {
  expect(secondsToNextCheck('refused', 0, 30)).toBeNull();
});
