import { failureDelay } from './failure-delay';

it.each([
  [0, 0],
  [4, 0],
  [5, 1],
  [6, 2],
  [7, 4],
  [12, 128],
  [15, 900],
  [1_000, 900],
])('after %i failures the next try waits %i s', (failures, seconds) => {
  expect(failureDelay(failures)).toBe(seconds);
});

it('leaves a patient guesser at most 100 tries in any hour', () => {
  let now = 0;
  const tries: number[] = [];
  while (now < 3_600) {
    const recent = tries.filter((time) => time > now - 900);
    const wait = failureDelay(recent.length) - (now - (recent.at(-1) ?? Number.NEGATIVE_INFINITY));
    if (wait > 0) now += wait;
    else tries.push(now);
  }
  expect(tries.length).toBeLessThanOrEqual(100);
});
