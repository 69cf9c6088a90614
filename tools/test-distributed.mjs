/**
 * Runs every project's distributed suite (jest.distributed.config.cjs) against the real servers it starts, and leaves the
 * counts in .test-results/distributed-NAME.json. Arguments choose projects by name.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runJest } from './test/run-jest.mjs';

/** The suites are mostly waiting: two at once end sooner, and soonest when the long ones do not come last. */
const LANES = 2;
const LONG = new Set(['standalone', 'events']);
/** Counts what is answered within each second: beside another suite it would measure that one's load. */
const ALONE = new Set(['api-gateway']);

const root = resolve(import.meta.dirname, '..');
process.chdir(root);
const wanted = process.argv.slice(2);
const projects = ['libs', 'apps']
  .flatMap((folder) => readdirSync(join(root, folder)).map((name) => ({ name, directory: join(root, folder, name) })))
  .filter(({ directory }) => existsSync(join(directory, 'jest.distributed.config.cjs')))
  .filter(({ name }) => wanted.length === 0 || wanted.includes(name))
  .sort((a, b) => Number(LONG.has(b.name)) - Number(LONG.has(a.name)));

if (projects.length === 0) {
  console.error(`no distributed suite${wanted.length === 0 ? '' : ` named ${wanted.join(', ')}`}`);
  process.exit(2);
}
const failed = [];
const waiting = projects.filter(({ name }) => !ALONE.has(name));
await Promise.all(Array.from({ length: LANES }, runLane));
waiting.push(...projects.filter(({ name }) => ALONE.has(name)));
await runLane();
console.log(failed.length === 0 ? 'distributed: all passed' : `distributed: failed in ${failed.join(', ')}`);
process.exit(failed.length === 0 ? 0 : 1);

async function runLane() {
  for (let project = waiting.shift(); project !== undefined; project = waiting.shift()) {
    if (!(await passes(project))) failed.push(project.name);
  }
}

async function passes({ name, directory }) {
  console.log(`distributed: ${name} begins`);
  // Two suites at once: what one of them says is printed when it has ended, in one piece.
  let report = '';
  const project = { name: `distributed-${name}`, config: join(directory, 'jest.distributed.config.cjs') };
  const { status, counts } = await runJest(project, (text) => (report += text));
  console.log(report);
  if (counts === null) return false;
  const { numPassedTests, numFailedTests, numPendingTests } = counts;
  console.log(`distributed: ${name}: ${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);
  // A run that finds no tests has not passed.
  return status === 0 && numPassedTests > 0;
}
