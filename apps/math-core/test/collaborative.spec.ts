import type { ErrorEnvelopeDto } from '@gpubroker/contracts/errors';
import type { CollaborativeAnswerDto } from '@gpubroker/contracts/math';
import { eventually } from '@gpubroker/testing/eventually';
import { startMathCore, type RunningMathCore } from './support/running-math-core';
import { tokenOf } from './support/tokens';

const RATINGS = [
  { user: 'ann', item: 'a', value: 5 },
  { user: 'ann', item: 'b', value: 1 },
  { user: 'bob', item: 'a', value: 4 },
  { user: 'bob', item: 'c', value: 2 },
  { user: 'eve', item: 'b', value: 1 },
];

let math: RunningMathCore;

beforeAll(async () => {
  math = await startMathCore({ databaseUrl: 'postgres://nobody@127.0.0.1:9/none' });
});
afterAll(() => math.stop());

const filter = <Body = CollaborativeAnswerDto>(change: Record<string, unknown>) =>
  math.post<Body>('collaborative-filter', { ratings: RATINGS, ...change });

it('answers factors by id, predictions and the whole course of the loss', async () => {
  const { status, body } = await filter({
    k: 2,
    max_sweeps: 200,
    predict: [
      { user: 'ann', item: 'a' },
      { user: 'ann', item: 'nobody knows' },
    ],
  });
  expect(status).toBe(200);
  expect(Object.keys(body.user_factors)).toEqual(['ann', 'bob', 'eve']);
  expect(Object.values(body.item_factors).every((vector) => vector.length === 2)).toBe(true);
  expect(body.predictions[0]?.value).toBeGreaterThan(4.5);
  expect(body.predictions[1]?.value).toBeNull();
  expect(body.converged).toBe(true);
  expect(body.loss_per_half_sweep).toHaveLength(2 * body.sweeps);
  expect(body.loss_per_half_sweep[0]).toBeLessThan(body.loss_initial);
});

it('answers the same for the same seed, and takes start vectors', async () => {
  const first = await filter({ k: 2, seed: 7, max_sweeps: 2 });
  expect((await filter({ k: 2, seed: 7, max_sweeps: 2 })).body).toEqual(first.body);
  const { body } = await filter({ k: 2, max_sweeps: 1, item_factors: first.body.item_factors });
  expect(body.loss_initial).not.toBe(first.body.loss_initial);
});

it('reads values as counts when told so', async () => {
  const { status, body } = await filter({ k: 2, implicit: true, alpha: 10, predict: [{ user: 'eve', item: 'b' }] });
  expect(status).toBe(200);
  expect(body.predictions[0]?.value).toBeGreaterThan(0.7);
});

/** Too much for the event loop to do by itself. */
const crowd = Array.from({ length: 6_000 }, (_, index) => ({
  user: `u${index % 300}`,
  item: `i${Math.floor(index / 300)}`,
  value: (index % 5) + 1,
}));

it('gives what is large to threads, and lets others run meanwhile', async () => {
  let turns = 0;
  const ticking = setInterval(() => (turns += 1), 5);
  const { status, body } = await filter({ ratings: crowd, k: 60, max_sweeps: 4, tolerance: 0 });
  clearInterval(ticking);
  expect(status).toBe(200);
  expect(turns).toBeGreaterThan(2);
  expect(Object.keys(body.user_factors)).toHaveLength(300);
  expect(body.loss_per_half_sweep).toHaveLength(8);
});

it('refuses a fifth that is large, and leaves off when its callers hang up', async () => {
  const large = { ratings: crowd, k: 100, max_sweeps: 1_000, tolerance: 0 };
  const leaving = new AbortController();
  const asked = Array.from({ length: 5 }, () =>
    fetch(`${math.service.url}/api/v2/math/collaborative-filter`, {
      method: 'POST',
      body: JSON.stringify(large),
      headers: { 'content-type': 'application/json', authorization: `Bearer ${tokenOf()}` },
      signal: leaving.signal,
    }),
  );
  const ended = Promise.allSettled(asked);
  // Whichever comes fifth is answered while the others go on.
  const refused = await Promise.race(asked);
  expect(refused.status).toBe(503);
  expect(((await refused.json()) as ErrorEnvelopeDto).error.code).toBe('SERVICE_UNAVAILABLE');
  expect((await filter({ k: 2 })).status).toBe(200);
  leaving.abort();
  await ended;
  await eventually(
    () => filter({ ...large, max_sweeps: 1 }),
    ({ status }) => status === 200,
  );
});

it('answers 413 for a body that is too large', async () => {
  const text = `{"ratings": [${' '.repeat(9 * 1_048_576)}]}`;
  const { status, body } = await math.postText<ErrorEnvelopeDto>('collaborative-filter', text);
  expect(status).toBe(413);
  expect(body.error.code).toBe('PAYLOAD_TOO_LARGE');
});

it('answers 422 for more factors than it would hold', async () => {
  const ratings = Array.from({ length: 6_000 }, (_, index) => ({ user: `u${index}`, item: `i${index}`, value: 1 }));
  const { status, body } = await filter<ErrorEnvelopeDto>({ ratings, k: 200 });
  expect(status).toBe(422);
  expect(body.error.details?.[0]?.field).toBe('k');
});

it.each([
  [{ ratings: [] }, 'ratings'],
  [{ ratings: 'x' }, 'ratings'],
  [{ ratings: [{ user: 'a', item: 'b' }] }, 'ratings.0'],
  [{ ratings: [7] }, 'ratings.0'],
  [{ ratings: [{ user: '', item: 'b', value: 1 }] }, 'ratings.0'],
  [{ ratings: [RATINGS[0], RATINGS[0]] }, 'ratings.1'],
  [{ ratings: [{ user: 'a', item: 'b', value: -1 }], implicit: true }, 'ratings.0'],
  [{ k: 0 }, 'k'],
  [{ k: 2.5 }, 'k'],
  [{ lambda: 0 }, 'lambda'],
  [{ tolerance: -1 }, 'tolerance'],
  [{ max_sweeps: 100_000 }, 'max_sweeps'],
  [{ seed: -1 }, 'seed'],
  [{ implicit: 'yes' }, 'implicit'],
  [{ alpha: 0 }, 'alpha'],
  [{ user_factors: 3 }, 'user_factors'],
  [{ k: 2, user_factors: { ann: [1] } }, 'user_factors.ann'],
  [{ predict: {} }, 'predict'],
  [{ predict: [{ user: 'ann' }] }, 'predict.0'],
  [{ extra: 1 }, 'extra'],
])('answers 422 for %j', async (change, field) => {
  const { status, body } = await filter<ErrorEnvelopeDto>(change);
  expect(status).toBe(422);
  expect(body.error.details?.map((detail) => detail.field)).toContain(field);
});
