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
const { status } = spawnSync(
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
  { stdio: ['ignore', 'ignore', 'inherit'] },
);
process.exit(status ?? 1);
