import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Adds up Jest's own counts from the result files of a folder; a suite that could not run counts as one failure. */
export function countTests(directory) {
  const files = existsSync(directory) ? readdirSync(directory).filter((name) => name.endsWith('.json')) : [];
  const results = files.map((name) => JSON.parse(readFileSync(join(directory, name), 'utf8')));
  const sum = (member) => results.reduce((total, result) => total + (result[member] ?? 0), 0);
  return {
    passed: sum('numPassedTests'),
    failed: sum('numFailedTests') + sum('numRuntimeErrorTestSuites'),
    pending: sum('numPendingTests'),
  };
}
