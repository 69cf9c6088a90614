import { setTimeout as sleep } from 'node:timers/promises';
import { Turnstile } from './turnstile';

it('lets no more in than there are places, first come first served', async () => {
  const turnstile = new Turnstile(2, 1_000);
  const order: number[] = [];
  let inside = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 10 }, async (_, at) => {
      expect(await turnstile.enter()).toBe(true);
      order.push(at);
      most = Math.max(most, (inside += 1));
      await sleep(2);
      inside -= 1;
      turnstile.leave();
    }),
  );
  expect(most).toBe(2);
  expect(order).toEqual([...order].sort((a, b) => a - b));
});

it('sends away who has waited too long, and gives his place to nobody', async () => {
  const turnstile = new Turnstile(1, 20);
  await turnstile.enter();
  expect(await turnstile.enter()).toBe(false);
  turnstile.leave();
  expect(await turnstile.enter()).toBe(true);
});
