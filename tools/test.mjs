/** `npm test`: installs, then lint, types, and every unit, service and journey test; the last line counts them. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { checkNode } from './start/checks.mjs';
import { ensureInstalled } from './start/install.mjs';
import { countTests, describeFailures } from './test/count-tests.mjs';
import { FIRST_RUNS } from './test/run-jest.mjs';

const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
process.chdir(root);
const problem = checkNode();
if (problem) {
  console.error(problem);
  process.exit(1);
}
await ensureInstalled(root);
rmSync('.test-results', { recursive: true, force: true });

const bin = (name) => resolve('node_modules', '.bin', name);
const STEPS = [
  ['lint', bin('eslint'), ['.', '--max-warnings', '0']],
  ['format', bin('prettier'), ['--check', '--log-level', 'warn', '.']],
  ['types', bin('tsc'), ['-b']],
  ['types of tests', bin('tsc'), ['-p', 'tsconfig.all.json']],
  ['tests', bin('nx'), ['run-many', '-t', 'test', '--parallel=2', '--outputStyle=static', '--skip-nx-cache']],
  ['tools', process.execPath, ['tools/jest-project.mjs', 'tools']],
];

const failed = [];
for (const [name, command, args] of STEPS) {
  const began = performance.now();
  console.log(`\n— ${name}`);
  const { status } = spawnSync(command, args, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false' },
  });
  console.log(`— ${name}: ${status === 0 ? 'ok' : 'FAILED'} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  if (status !== 0) failed.push(name);
}

for (const failure of describeFailures(FIRST_RUNS)) console.log(`\nat first ${failure}`);
for (const failure of describeFailures('.test-results')) console.log(`\n${failure}`);
const { passed, failed: failedTests } = countTests('.test-results');
if (failed.length > 0) console.log(`\nfailed: ${failed.join(', ')}`);
console.log(`\n${passed} passed, ${failedTests} failed`);
process.exit(failed.length === 0 && failedTests === 0 ? 0 : 1);
