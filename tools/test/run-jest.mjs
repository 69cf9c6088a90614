import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

const RESULTS = '.test-results';
/** Beside the results: what failed at first and was run again. `describeFailures(FIRST_RUNS)` names it. */
const FIRST = 'first-runs';
export const FIRST_RUNS = join(RESULTS, FIRST);

/**
 * Runs Jest from the root of the workspace and leaves its counts in `NAME.json` of a folder; `status` 0 is success.
 *
 * Tests that failed get a second run of their whole project, since what they measure (a kill at a random moment, a time-out on
 * two busy cores) can go wrong once without a fault; the second run decides, and the first is kept to be named at the end. A run
 * that ended without results, or with coverage alone too low, would only do the same again.
 *
 * @param {{ name: string, config: string, args?: readonly string[], timeoutMs?: number, folder?: string }} project
 * @param {(text: string) => void} print takes what Jest reports as it comes
 */
export async function runJest({ name, config, args = [], timeoutMs, folder = RESULTS }, print) {
  const results = join(folder, `${name}.json`);
  const firstResults = join(folder, FIRST, `${name}.json`);
  mkdirSync(dirname(firstResults), { recursive: true });
  rmSync(firstResults, { force: true });
  const run = async () => {
    rmSync(results, { force: true });
    const jest = ['node_modules/jest/bin/jest.js', '-c', config, '--json', `--outputFile=${results}`, ...args];
    const child = spawn(process.execPath, jest, {
      stdio: ['ignore', 'ignore', 'pipe'],
      ...(timeoutMs !== undefined && { timeout: timeoutMs, killSignal: 'SIGKILL' }),
    });
    child.stderr.setEncoding('utf8').on('data', print);
    const [status, signal] = await once(child, 'exit');
    if (signal !== null) print(`${name}: ended by ${signal}\n`);
    return { status: status ?? 1, counts: existsSync(results) ? JSON.parse(readFileSync(results, 'utf8')) : null };
  };
  const first = await run();
  if (first.status === 0 || first.counts === null) return first;
  if (first.counts.numFailedTests + first.counts.numRuntimeErrorTestSuites === 0) return first;
  renameSync(results, firstResults);
  print(`${name}: tests failed; once more\n`);
  return run();
}
