import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Changes one place of a file.
 * @throws Error when the place is not there: the file was rewritten, and a guess would break it
 */
export function editFile(path, pattern, replacement) {
  const before = readFileSync(path, 'utf8');
  if (!pattern.test(before)) throw new Error(`${path} has no ${pattern}; add the line by hand.`);
  writeFileSync(path, before.replace(pattern, replacement));
}
