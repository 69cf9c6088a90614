import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Adds up Jest's own counts from the result files of a folder; a suite that could not run counts as one failure. */
export function countTests(directory) {
  const results = readResults(directory);
  const sum = (member) => results.reduce((total, result) => total + (result[member] ?? 0), 0);
  return {
    passed: sum('numPassedTests'),
    failed: sum('numFailedTests') + sum('numRuntimeErrorTestSuites'),
    pending: sum('numPendingTests'),
  };
}

/** `FILE › TEST` and the beginning of what Jest said, for each test that failed and each suite that could not run. */
export function describeFailures(directory) {
  return readResults(directory)
    .flatMap(({ testResults }) => testResults)
    .filter(({ status }) => status === 'failed')
    .flatMap(({ name, message, assertionResults }) => {
      const file = relative(process.cwd(), name);
      const tests = assertionResults.filter(({ status }) => status === 'failed');
      if (tests.length === 0) return [describeFailure(file, message)];
      return tests.map(({ fullName, failureMessages }) =>
        describeFailure(`${file} › ${fullName}`, failureMessages.join('\n')),
      );
    });
}

const LINES_OF_A_MESSAGE = 12;

const describeFailure = (what, message) =>
  [`FAILED ${what}`, ...message.trim().split('\n').slice(0, LINES_OF_A_MESSAGE)].join('\n    ');

function readResults(directory) {
  const files = existsSync(directory) ? readdirSync(directory).filter((name) => name.endsWith('.json')) : [];
  return files.map((name) => JSON.parse(readFileSync(join(directory, name), 'utf8')));
}
