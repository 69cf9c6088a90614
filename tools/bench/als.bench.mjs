/** One sweep of alternating least squares beside numpy with LAPACK and implicit; and what a request does to the event loop. */
import { join } from 'node:path';
import { askPeers, seeded, withMath, writeFloats } from './math.mjs';

const [USERS, ITEMS, RATINGS, K, SWEEPS] = [5_000, 2_000, 200_000, 50, 6];
const ROUNDS = 2;
/** Much work and a long answer for a short question; and as long a question as a body may hold, with short names. */
const REQUESTS = [
  { ratings: 20_000, k: 100, sweeps: 5 },
  { ratings: 150_000, k: 50, sweeps: 5 },
];

export const title = 'One ALS sweep: 5,000 × 2,000, 200,000 ratings, k = 50';

export const run = (say) =>
  withMath(async (math, folder) => {
    const file = join(folder, 'ratings');
    const { users, items, values, factors } = madeRatings();
    writeFloats(file, [...users, ...items, ...values, ...factors]);
    const sizes = [USERS, ITEMS, K, SWEEPS];
    const rounds = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const peers = await askPeers('als_peers.py', [file, ...sizes], say);
      const ours = [];
      for (const threads of [0, 1, 2]) {
        ours.push(await math.ask('als', { file, sizes, threads }));
        say(`${threads || 'no'} threads: ${Math.min(...ours[threads].ms).toFixed(0)} ms a sweep`);
      }
      rounds.push({ ours, peers });
    }
    const asked = [];
    for (const request of REQUESTS) asked.push(await askLarge(math, request, users, items, values));
    return report(rounds, asked);
  });

function madeRatings() {
  const random = seeded(3);
  const pairs = new Set();
  while (pairs.size < RATINGS) pairs.add(Math.floor(random() * USERS) * ITEMS + Math.floor(random() * ITEMS));
  const keys = [...pairs];
  return {
    users: keys.map((key) => Math.floor(key / ITEMS)),
    items: keys.map((key) => key % ITEMS),
    values: keys.map(() => 1 + Math.floor(random() * 5)),
    factors: Array.from({ length: (USERS + ITEMS) * K }, () => (random() - 0.5) / Math.sqrt(K)),
  };
}

async function askLarge(math, { ratings: count, k, sweeps }, users, items, values) {
  const { url, token } = math.first;
  const ratings = Array.from({ length: count }, (_, entry) => {
    return { user: `u${users[entry]}`, item: `i${items[entry]}`, value: values[entry] };
  });
  const body = JSON.stringify({ ratings, k, max_sweeps: sweeps, tolerance: 0 });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  await math.ask('busy');
  const began = performance.now();
  const response = await fetch(`${url}/api/v2/math/collaborative-filter`, { method: 'POST', headers, body });
  const bytes = (await response.arrayBuffer()).byteLength;
  const ms = performance.now() - began;
  if (response.status !== 200) throw new Error(`status ${response.status}`);
  return { ms, sent: body.length, bytes, busyMs: await math.ask('busy') };
}

/** The fastest of all rounds: others take processors away, nobody adds any. */
const fastest = (results, figure = 'ms') => Math.min(...results.flatMap((result) => result?.[figure] ?? [Number.NaN]));

const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

function report(rounds, asked) {
  const [{ ours, peers }] = rounds;
  const mine = (threads, figure) => fastest(rounds.map((round) => round.ours[threads]), figure); // prettier-ignore
  const theirs = (name, figure) => fastest(rounds.map((round) => round.peers?.[name]), figure); // prettier-ignore
  const apart = peers ? Math.abs(ours[2].loss / peers.numpy.loss - 1).toExponential(1) : 'not known';
  return {
    notes: [
      `Float64, exact solves, the fastest round of each in processor time or on the clock; Python's are single sweeps, ours means over ${SWEEPS} sweeps that also hold the grouping of the ratings and the loss after each half. They ran in turn. numpy: Gram matrix by matrix product and LAPACK's posv for each row, one thread. implicit: its own Cholesky (use_cg off), on the implicit problem. From the same start, our loss after ${SWEEPS} sweeps differs from numpy's by ${apart} of it, and by no bit between no, one and two threads.`,
      `The requests: ${REQUESTS.map(({ ratings, k, sweeps }, index) => `${ratings.toLocaleString('en-US')} ratings, k = ${k}, ${sweeps} sweeps, ${megabytes(asked[index].sent)} in and ${megabytes(asked[index].bytes)} out`).join('; ')}. The event loop is judged by the longest time that its thread itself ran between two turns (Linux schedstat). Reading the JSON of a long body is a part of it.`,
    ],
    versions: peers
      ? { numpy: peers.numpy.version, ...(peers.implicit1 && { implicit: peers.implicit1.version }) }
      : {},
    figures: [
      ...(peers
        ? [
            { name: 'ours, two threads ÷ numpy', value: mine(2) / theirs('numpy'), atMost: 1.5 },
            { name: 'ours, one thread ÷ numpy, processor time', value: mine(1, 'cpuMs') / theirs('numpy', 'cpu_ms'), atMost: 1.5 }, // prettier-ignore
          ]
        : [{ name: 'numpy: not installed', value: 0 }]),
      { name: 'ours on the event loop', value: mine(0), unit: 'ms' },
      { name: 'ours, one thread', value: mine(1), unit: 'ms' },
      { name: 'ours, two threads', value: mine(2), unit: 'ms' },
      { name: 'numpy + LAPACK, one thread', value: theirs('numpy'), unit: 'ms' },
      { name: 'implicit, Cholesky, one thread', value: theirs('implicit1'), unit: 'ms' },
      { name: 'implicit, Cholesky, two threads', value: theirs('implicit2'), unit: 'ms' },
      { name: 'losses that differ between thread counts', value: ours[0].loss === ours[1].loss && ours[1].loss === ours[2].loss ? 0 : 1, atMost: 0 }, // prettier-ignore
      { name: 'short request answered after', value: asked[0].ms / 1000, unit: 's' },
      { name: 'event loop blocked at most meanwhile', value: asked[0].busyMs, unit: 'ms', atMost: 50 },
      { name: 'long request answered after', value: asked[1].ms / 1000, unit: 's' },
      { name: 'event loop blocked at most, reading its body', value: asked[1].busyMs, unit: 'ms', atMost: 50 },
    ].filter(({ value }) => Number.isFinite(value)),
  };
}
