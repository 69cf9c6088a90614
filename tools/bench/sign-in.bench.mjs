/** Does the time of a login tell who has an account, and what do two hundred logins at once do to everybody else? */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { bundleApp } from '../build/bundle-app.mjs';
import { freePort } from './app-process.mjs';
import { startBenchService } from './bench-service.mjs';
import { residentMiB, startService } from './child.mjs';
import { median, quantile } from './statistics.mjs';

const APP = 'apps/auth';
const BUNDLE = 'dist-app/bench-main.js';
const PASSWORD = 'four-quiet-llamas-rent-gpus';
const TRIES = 400;
const PARALLEL = 200;
const ROUNDS = 3;
/** Between two questions to /auth/me: it is asked as by somebody who uses the product, not as a load of its own. */
const PAUSE_MS = 5;

export const title = 'Sign-in';

export async function run(say) {
  const database = await startBenchService();
  const directory = mkdtempSync(join(tmpdir(), 'gpubroker-bench-sign-in-'));
  try {
    const auth = await startAuth(database.databaseUrl, directory);
    try {
      await inBatches(TRIES, (at) => register(auth.url, known(at)));
      say(`${TRIES} people registered`);
      return toResult(await timeTells(auth.url, say), await crowd(auth, say));
    } finally {
      await auth.stop();
    }
  } finally {
    await database.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

function toResult(timing, load) {
  return {
    notes: [
      `Timing: ${TRIES} wrong passwords for addresses that exist and ${TRIES} for addresses that do not, one after the other in random order, each address once. The figure is the probability that a known address takes longer than an unknown one: 0.5 tells nothing, and the limit allows 0.45 to 0.55.`,
      `Load: ${PARALLEL} logins at once, ${ROUNDS} times, while somebody who is signed in asks /auth/me every ${PAUSE_MS} ms; the same question without logins beside it. A login that waits longer than 2 s for its turn is sent away with 503 and Retry-After.`,
    ],
    figures: [
      { name: 'probability that a known address takes longer', value: timing.auc },
      { name: 'its distance from 0.5', value: Math.abs(timing.auc - 0.5), atMost: 0.05 },
      { name: 'wrong password, median', value: timing.knownMs, unit: 'ms' },
      { name: 'unknown address, median', value: timing.unknownMs, unit: 'ms' },
      { name: '/auth/me alone, p99', value: load.alone, unit: 'ms' },
      { name: `/auth/me beside ${PARALLEL} logins, p99`, value: load.beside, unit: 'ms', atMost: 100 },
      { name: '/health beside them, p99', value: load.health, unit: 'ms', atMost: 100 },
      { name: 'share of /health answers that say 503', value: load.unwell },
      { name: 'logins that succeeded', value: load.succeeded },
      { name: 'logins sent away with 503', value: load.sentAway },
      { name: 'logins answered otherwise', value: load.otherwise, atMost: 0 },
      { name: 'longest login', value: load.longestMs, unit: 'ms' },
      { name: 'memory that the logins took', value: load.grownMiB, unit: 'MiB' },
    ],
  };
}

async function startAuth(databaseUrl, directory) {
  await bundleApp(APP, { outfile: BUNDLE });
  const port = await freePort();
  return startService(join(APP, BUNDLE), {
    port,
    log: join(directory, 'auth.log'),
    env: {
      AUTH_PORT: String(port),
      DATABASE_URL: databaseUrl,
      GPUBROKER_DATA_DIR: directory,
      LOG_LEVEL: 'fatal',
      REGISTRATION_LIMIT_PER_MINUTE: '999999',
    },
  });
}

async function timeTells(url, say) {
  const times = { known: [], unknown: [] };
  const tries = Array.from({ length: TRIES }, (_, at) => [
    ['known', known(at)],
    ['unknown', `nobody-${at}@example.org`],
  ]).flat();
  for (const [kind, email] of shuffled(tries)) {
    const began = performance.now();
    const { status } = await login(url, email, 'not-the-password');
    times[kind].push(performance.now() - began);
    if (status !== 401) throw new Error(`a wrong password was answered with ${status}`);
  }
  const auc = probabilityOfLonger(times.known, times.unknown);
  say(`known or unknown: AUC ${auc.toFixed(3)}`);
  return { auc, knownMs: median(times.known), unknownMs: median(times.unknown) };
}

async function crowd(auth, say) {
  const { access_token } = await (await login(auth.url, known(0), PASSWORD)).json();
  const headers = { authorization: `Bearer ${access_token}` };
  const me = () => ask(`${auth.url}/api/v2/auth/me`, { headers });
  const unwell = [];
  const health = async () => {
    const response = await fetch(`${auth.url}/health`);
    if (!response.ok) unwell.push(await response.text());
    else await response.arrayBuffer();
  };
  await sleep(1_000);
  const alone = await timesWhile(sleep(3_000), me);
  const before = residentMiB(auth.pid);
  const beside = [];
  const healthBeside = [];
  const logins = [];
  let most = before;
  for (let round = 0; round < ROUNDS; round += 1) {
    const everybody = Promise.all(Array.from({ length: PARALLEL }, (_, at) => timedLogin(auth.url, known(at))));
    // Should a question fail, auth is stopped and the logins fail with it: the first failure is the one to show.
    everybody.catch(() => undefined);
    const [mine, theirs] = await Promise.all([timesWhile(everybody, me), timesWhile(everybody, health)]);
    beside.push(...mine);
    healthBeside.push(...theirs);
    logins.push(...(await everybody));
    most = Math.max(most, residentMiB(auth.pid));
    await sleep(2_000);
  }
  const count = (...statuses) => logins.filter(({ status }) => statuses.includes(status)).length;
  say(`${PARALLEL} logins at once: /auth/me p99 ${quantile(beside, 0.99).toFixed(0)} ms of ${beside.length}`);
  return {
    alone: quantile(alone, 0.99),
    beside: quantile(beside, 0.99),
    health: quantile(healthBeside, 0.99),
    unwell: unwell.length / healthBeside.length,
    succeeded: count(200),
    sentAway: count(503),
    otherwise: logins.length - count(200, 503),
    longestMs: Math.max(...logins.map(({ ms }) => ms)),
    grownMiB: most - before,
  };
}

/** How long each of the questions took that were asked one after the other until the work was done, in ms. */
async function timesWhile(work, question) {
  let done = false;
  const end = () => (done = true);
  work.then(end, end);
  const times = [];
  while (!done) {
    const began = performance.now();
    await question();
    times.push(performance.now() - began);
    await sleep(PAUSE_MS);
  }
  return times;
}

async function ask(url, options) {
  const response = await fetch(url, options);
  await response.arrayBuffer();
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
}

async function timedLogin(url, email) {
  const began = performance.now();
  const response = await login(url, email, PASSWORD);
  await response.arrayBuffer();
  return { status: response.status, ms: performance.now() - began };
}

const known = (at) => `person-${at}@example.org`;

const post = (url, body) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

const login = (url, email, password) => post(`${url}/api/v2/auth/login`, { email, password });

async function register(url, email) {
  const response = await post(`${url}/api/v2/auth/register`, { email, password: PASSWORD, full_name: 'A Person' });
  if (response.status !== 201) throw new Error(`registering answered ${response.status}: ${await response.text()}`);
}

/** Two at a time: more would wait for their turn to be hashed. */
async function inBatches(count, work) {
  for (let at = 0; at < count; at += 2) await Promise.all([work(at), at + 1 < count ? work(at + 1) : undefined]);
}

/** The area under the ROC curve (Mann-Whitney): how often one of the first is above one of the second, ties half. */
function probabilityOfLonger(first, second) {
  let above = 0;
  for (const a of first) for (const b of second) above += a > b ? 1 : a === b ? 0.5 : 0;
  return above / (first.length * second.length);
}

function shuffled(items) {
  const order = [...items];
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = Math.floor(Math.random() * (at + 1));
    [order[at], order[other]] = [order[other], order[at]];
  }
  return order;
}
