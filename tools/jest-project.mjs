/** Runs one project's tests with its coverage floor and leaves the counts in .test-results/NAME.json. */
import { basename, join } from 'node:path';
import { runJest } from './test/run-jest.mjs';

const [projectDirectory, ...args] = process.argv.slice(2);
if (!projectDirectory) {
  console.error('usage: node tools/jest-project.mjs libs/NAME [jest arguments]');
  process.exit(2);
}
const project = {
  name: basename(projectDirectory),
  config: join(projectDirectory, 'jest.config.cjs'),
  args: ['--coverage', '--silent=false', ...args],
  // A project takes two minutes; one whose tests never end must fail, not hold up everything behind it.
  timeoutMs: 15 * 60_000,
};
const { status } = await runJest(project, (text) => process.stderr.write(text));
process.exit(status);
