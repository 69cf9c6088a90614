import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '..');
const pages = [
  'docs/architecture.md',
  'docs/adding-a-service.md',
  ...readdirSync(join(root, 'docs/adr')).map((page) => `docs/adr/${page}`),
  'libs/platform/README.md',
  'libs/contracts/README.md',
];

describe('the paths that a page names', () => {
  it.each(pages)('are there: %s', (page) => {
    const text = readFileSync(join(root, page), 'utf8');
    const named = [...text.matchAll(/`((?:apps|libs|docs|tools)\/[\w./-]+)`/g)]
      .map(([, path]) => path ?? '')
      .filter((path) => !path.includes('NAME'));
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});
