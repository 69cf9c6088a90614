import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { collectSections } from './generate/environment/collect-sections';
import { renderExample, renderPage } from './generate/environment/render-environment';

const root = resolve(__dirname, '..');
const sections = collectSections(root);
const listed = new Set(sections.flatMap(({ variables }) => variables.map(({ name }) => name)));
/** Variables of the system or of other people's tools, not ours to explain. */
const FOREIGN = new Set(['PATH', 'HOME', 'TMPDIR', 'XDG_CACHE_HOME', 'LOCALAPPDATA', 'CI']);

const read = (file: string) => readFileSync(join(root, file), 'utf8');
const RUN_ME = 'run: node tools/generate/environment-docs.mjs';

describe('the environment', () => {
  it('is listed in docs/environment.md exactly as the services read it', () => {
    expect({ hint: RUN_ME, page: read('docs/environment.md') }).toEqual({ hint: RUN_ME, page: renderPage(sections) });
  });

  it('is listed in .env.example exactly as the services read it', () => {
    expect({ hint: RUN_ME, page: read('.env.example') }).toEqual({ hint: RUN_ME, page: renderExample(sections) });
  });

  it('has every app that has an entry', () => {
    const apps = readdirSync(join(root, 'apps')).filter((app) => hasFile(`apps/${app}/src/main.ts`));
    expect(sections.map(({ title }) => title)).toEqual(expect.arrayContaining(apps));
  });

  it('names each variable once in .env.example', () => {
    const names = [...read('.env.example').matchAll(/^# ([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name);
    expect(names.sort()).toEqual([...listed].sort());
  });

  it('explains every variable that any source reads past the schemas', () => {
    const unknown = sources().flatMap((file) =>
      [...read(file).matchAll(/(?:process\.env|\benv)\.([A-Z][A-Z0-9_]+)\b|process\.env\[['"]([A-Z][A-Z0-9_]+)/g)]
        .map(([, dotted, bracketed]) => dotted ?? bracketed ?? '')
        .filter((name) => !listed.has(name) && !FOREIGN.has(name))
        .map((name) => `${file}: ${name}`),
    );
    expect(unknown).toEqual([]);
  });
});

function hasFile(path: string): boolean {
  return statSync(join(root, path), { throwIfNoEntry: false })?.isFile() ?? false;
}

/** Everything that runs, without the tests, which may use variables of their own making. */
function sources(): string[] {
  const projects = ['apps', 'libs'].flatMap((kind) =>
    readdirSync(join(root, kind)).map((name) => join(kind, name, 'src')),
  );
  return [...projects, 'tools']
    .filter((directory) => statSync(join(root, directory), { throwIfNoEntry: false })?.isDirectory())
    .flatMap((directory) =>
      (readdirSync(join(root, directory), { recursive: true }) as string[]).map((file) => join(directory, file)),
    )
    .filter((file) => /\.(ts|mjs)$/.test(file) && !file.endsWith('.spec.ts'));
}
