/**
 * Runs every project's distributed suite (jest.distributed.config.cjs) against the real servers it starts, one project
 * after the other, and leaves the counts in .test-results/distributed-NAME.json. Arguments choose projects by name.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { runJest } from './test/run-jest.mjs';

const root = resolve(import.meta.dirname, '..');
process.chdir(root);
const wanted = process.argv.slice(2);
const projects = ['libs', 'apps']
  .flatMap((folder) => readdirSync(join(root, folder)).map((name) => ({ name, directory: join(root, folder, name) })))
  .filter(({ directory }) => existsSync(join(directory, 'jest.distributed.config.cjs')))
  .filter(({ name }) => wanted.length === 0 || wanted.includes(name));

if (projects.length === 0) {
  console.error(`no distributed suite${wanted.length === 0 ? '' : ` named ${wanted.join(', ')}`}`);
  process.exit(2);
}
const failed = projects.filter((project) => !passes(project));
console.log(
  failed.length === 0
    ? 'distributed: all passed'
    : `distributed: failed in ${failed.map(({ name }) => name).join(', ')}`,
);
process.exit(failed.length === 0 ? 0 : 1);

function passes({ name, directory }) {
  console.log(`distributed: ${name}`);
  const { status, counts } = runJest({
    name: `distributed-${name}`,
    config: join(directory, 'jest.distributed.config.cjs'),
  });
  if (counts === null) return false;
  const { numPassedTests, numFailedTests, numPendingTests } = counts;
  console.log(`distributed: ${name}: ${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`);
  // A run that finds no tests has not passed.
  return status === 0 && numPassedTests > 0;
}
