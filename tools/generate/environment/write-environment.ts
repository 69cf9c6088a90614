import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { collectSections } from './collect-sections';
import { renderExample, renderPage } from './render-environment';

const root = resolve(__dirname, '../../..');
const sections = collectSections(root);

for (const [file, text] of [
  ['docs/environment.md', renderPage(sections)],
  ['.env.example', renderExample(sections)],
] as const) {
  const path = join(root, file);
  const changed = readOrNull(path) !== text;
  if (changed) writeFileSync(path, text);
  console.log(`${changed ? 'wrote' : 'is current:'} ${file}`);
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
