import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'gpubroker-run-jest-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Outcome {
  status: number;
  counts: { passed: number; failed: number };
  failed: string[];
  failedAtFirst: string[];
}

/** Runs a project of one test file as `npm test` would, and says what it would print. */
function outcomeOf(name: string, test: string): Outcome {
  const project = join(scratch, name);
  mkdirSync(project);
  writeFileSync(join(project, 'jest.config.cjs'), 'module.exports = { testMatch: ["<rootDir>/*.test.cjs"] };');
  writeFileSync(join(project, 'one.test.cjs'), test);
  const script = `
    import { runJest } from './tools/test/run-jest.mjs';
    import { countTests, describeFailures } from './tools/test/count-tests.mjs';
    const [folder, config] = process.argv.slice(1);
    const { status } = await runJest({ name: 'scratch', config, folder }, () => {});
    const [failed, failedAtFirst] = [describeFailures(folder), describeFailures(folder + '/first-runs')];
    console.log(JSON.stringify({ status, counts: countTests(folder), failed, failedAtFirst }));`;
  const args = ['--input-type=module', '-e', script, join(project, 'results'), join(project, 'jest.config.cjs')];
  const printed = execFileSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'ignore'] });
  return JSON.parse(printed.toString()) as Outcome;
}

it('runs a project whose tests pass once, and has nothing to say', () => {
  const outcome = outcomeOf('good', `it('adds', () => expect(1 + 1).toBe(2));`);
  expect(outcome).toEqual({ status: 0, counts: { passed: 1, failed: 0, pending: 0 }, failed: [], failedAtFirst: [] });
});

it('fails where a test fails twice, and names it with what was said', () => {
  const outcome = outcomeOf('bad', `describe('sums', () => { it('adds', () => { throw new Error('three') }) });`);
  expect(outcome).toMatchObject({ status: 1, counts: { passed: 0, failed: 1 } });
  expect(outcome.failed).toEqual([expect.stringMatching(/^FAILED .*one\.test\.cjs › sums adds\n\s+Error: three/)]);
});

it('passes where a test failed once only, and still names it', () => {
  const outcome = outcomeOf(
    'rarely',
    `const { existsSync, writeFileSync } = require('node:fs');
     it('goes wrong once', () => {
       const seen = existsSync(__dirname + '/seen');
       writeFileSync(__dirname + '/seen', '');
       expect(seen).toBe(true);
     });`,
  );
  expect(outcome).toMatchObject({ status: 0, counts: { passed: 1, failed: 0 }, failed: [] });
  expect(outcome.failedAtFirst).toEqual([expect.stringMatching(/^FAILED .*one\.test\.cjs › goes wrong once/)]);
});

it('counts a file that cannot be run as a failure, and says why', () => {
  const outcome = outcomeOf('broken', `require('./nothing-here');`);
  expect(outcome).toMatchObject({ status: 1, counts: { passed: 0, failed: 1 } });
  expect(outcome.failed).toEqual([expect.stringContaining('nothing-here')]);
});
