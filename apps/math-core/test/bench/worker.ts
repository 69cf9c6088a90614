import { readFileSync } from 'node:fs';
import { startService, type RunningService } from '@gpubroker/platform/service';
import { als } from '../../src/collaborative/als';
import { AlsThreads } from '../../src/collaborative/als-threads';
import { sharedFloats } from '../../src/collaborative/grouped-ratings';
import { INLINE, type RowSolver } from '../../src/collaborative/row-solver';
import { mathCoreService } from '../../src/index';
import { topsis } from '../../src/ranking/topsis';
import { PUBLIC_PEM, tokenOf } from '../support/tokens';

/** The measured process of tools/bench/{als,topsis}.bench.mjs: answers one message at a time. */
interface Command {
  readonly kind: 'als' | 'topsis' | 'busy';
  readonly file: string;
  readonly sizes: readonly number[];
  readonly threads: number;
}

/** Of users x items ratings as the peers read them: user, item and value columns, then both sides' start vectors. */
async function sweeps({ file, sizes, threads }: Command): Promise<unknown> {
  const [users = 0, items = 0, k = 0, maxSweeps = 0] = sizes;
  const floats = floatsOf(file);
  const entries = (floats.length - (users + items) * k) / 3;
  const ratings = {
    users,
    items,
    userOf: Uint32Array.from(floats.subarray(0, entries)),
    itemOf: Uint32Array.from(floats.subarray(entries, 2 * entries)),
    values: floats.slice(2 * entries, 3 * entries),
  };
  const pool = new AlsThreads(Math.max(1, threads));
  const solver: RowSolver = threads === 0 ? INLINE : pool;
  const options = { k, lambda: 0.1, tolerance: 0, maxSweeps, alpha: null };
  const ms: number[] = [];
  const cpuMs: number[] = [];
  let loss = Number.NaN;
  // The first warms the threads up.
  for (let round = -1; round < ROUNDS; round += 1) {
    const start = { users: sharedFloats(users * k), items: sharedFloats(items * k) };
    start.users.set(floats.subarray(3 * entries, 3 * entries + users * k));
    start.items.set(floats.subarray(3 * entries + users * k));
    const began = performance.now();
    const ran = process.cpuUsage();
    const { lossPerHalfSweep } = await als(ratings, options, start, solver, new AbortController().signal);
    const { user, system } = process.cpuUsage(ran);
    loss = lossPerHalfSweep.at(-1) ?? loss;
    if (round < 0) continue;
    ms.push((performance.now() - began) / maxSweeps);
    cpuMs.push((user + system) / 1_000 / maxSweeps);
  }
  await pool.onApplicationShutdown();
  return { ms, cpuMs, loss };
}

const ROUNDS = 4;

function rank({ file, sizes }: Command): unknown {
  const [rows = 0, columns = 0, rounds = 0] = sizes;
  const values = floatsOf(file);
  const weights = Array.from({ length: columns }, () => 1 / columns);
  const benefit = weights.map((_, column) => column % 2 === 0);
  const ms: number[] = [];
  let scores = new Float64Array();
  for (let round = -5; round < rounds; round += 1) {
    const began = performance.now();
    ({ scores } = topsis({ values, rows, columns }, weights, benefit) as { scores: Float64Array<ArrayBuffer> });
    if (round >= 0) ms.push(performance.now() - began);
  }
  const expected = floatsOf(`${file}.scores`);
  return {
    ms,
    difference: scores.reduce((most, score, row) => Math.max(most, Math.abs(score - (expected[row] ?? NaN))), 0),
  };
}

const floatsOf = (file: string): Float64Array => {
  const bytes = readFileSync(file);
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
};

/** Longest that the thread of the event loop ran between two of its turns since this was last asked, ms; Linux only. */
class BusyWatch {
  private last = ranMs();
  private longest = 0;

  constructor() {
    setInterval(() => this.note(), 2).unref();
  }

  take(): number {
    this.note();
    const { longest } = this;
    this.longest = 0;
    return longest;
  }

  private note(): void {
    const now = ranMs();
    this.longest = Math.max(this.longest, now - this.last);
    this.last = now;
  }
}

const ranMs = (): number => Number(readFileSync('/proc/self/schedstat', 'utf8').split(' ', 1)[0]) / 1e6;

async function serve(): Promise<RunningService> {
  return startService(mathCoreService, {
    ...process.env,
    LOG_LEVEL: 'silent',
    MATH_CORE_PORT: '0',
    DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none',
    JWT_PUBLIC_KEY: PUBLIC_PEM,
  });
}

async function start(): Promise<void> {
  const { url } = await serve();
  const watch = new BusyWatch();
  const answer = (command: Command): unknown => {
    if (command.kind === 'als') return sweeps(command);
    return command.kind === 'topsis' ? rank(command) : watch.take();
  };
  process.on('message', (command: Command) => {
    Promise.resolve()
      .then(() => answer(command))
      .then(
        (result) => process.send?.({ result }),
        (error: unknown) => process.send?.({ error: String(error) }),
      );
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.({ result: { url, token: tokenOf() } });
}

void start();
