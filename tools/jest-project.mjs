/** Runs one project's tests with its coverage floor and leaves the counts in .test-results/NAME.json. */
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

const projectDirectory = process.argv[2];
if (!projectDirectory) {
  console.error('usage: node tools/jest-project.mjs libs/NAME [jest arguments]');
  process.exit(2);
}
const results = resolve('.test-results', `${basename(projectDirectory)}.json`);
mkdirSync(resolve('.test-results'), { recursive: true });
const jest = resolve('node_modules/jest/bin/jest.js');
/** A project takes two minutes; one whose tests never end must fail, not hold up everything behind it. */
const LONGEST_MS = 15 * 60_000;
const { status, error } = spawnSync(
  process.execPath,
  [
    jest,
    '-c',
    join(projectDirectory, 'jest.config.cjs'),
    '--coverage',
    '--json',
    `--outputFile=${results}`,
    '--silent=false',
    ...process.argv.slice(3),
  ],
  { stdio: ['ignore', 'ignore', 'inherit'], timeout: LONGEST_MS, killSignal: 'SIGKILL' },
);
if (error) console.error(`${projectDirectory}: ${error.message}`);
process.exit(status ?? 1);
