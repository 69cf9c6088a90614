import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const root = join(__dirname, '../..');

/** DESIGN section 2, written a second time on purpose: the table in import-rules.mjs must say the same. */
const serviceMay = ['contracts', 'circuit-breaker', 'persistence', 'provider-adapter', 'events', 'platform'];
const services = ['api-gateway', 'auth', 'providers', 'kpi', 'math-core', 'ai-assistant', 'ws-gateway'];
const mayImport: Record<string, string[]> = {
  'libs/contracts': [],
  'libs/circuit-breaker': [],
  'libs/persistence': [],
  'libs/provider-adapter': ['contracts', 'circuit-breaker'],
  'libs/events': ['contracts', 'persistence'],
  'libs/platform': ['contracts', 'circuit-breaker', 'persistence', 'events'],
  'libs/testing': serviceMay,
  ...Object.fromEntries(services.map((service) => [`apps/${service}`, serviceMay])),
  'apps/web': ['contracts'],
  'apps/cloud-emulator': ['platform', 'contracts'],
  'apps/standalone': [...serviceMay, ...services, 'cloud-emulator'],
};
const folders = Object.keys(mayImport);
const nameOf = (folder: string): string => folder.split('/')[1] ?? folder;

interface Plant {
  readonly title: string;
  readonly filePath: string;
  readonly code: string;
  /** The rule that must report it; null: nothing may be reported. */
  readonly rule: string | null;
}

const refused = 'no-restricted-imports';

const byName = folders.flatMap((folder) =>
  folders
    .filter((target) => target !== folder)
    .map((target) => ({
      title: `${folder} → ${nameOf(target)}`,
      filePath: `${folder}/src/planted.ts`,
      code: `import { x } from '@gpubroker/${nameOf(target)}/thing';\nexport const y = x;\n`,
      rule: mayImport[folder]?.includes(nameOf(target)) ? null : refused,
    })),
);

const byRelativePath = folders.flatMap((folder): Plant[] => {
  const [group, name] = folder.split('/');
  const neighbour = folders.find((target) => target.startsWith(`${group}/`) && target !== folder);
  return [
    { path: `../../../libs/testing/src/thing`, from: 'src/planted.ts' },
    { path: `../../../apps/kpi/src/thing`, from: 'src/planted.ts' },
    { path: `../../../${nameOf(neighbour ?? '')}/src/thing`, from: 'src/capability/planted.ts' },
  ].map(({ path, from }) => ({
    title: `${folder}/${from} → ${path}`,
    filePath: `${group}/${name}/${from}`,
    code: `export { x } from '${path}';\n`,
    rule: refused,
  }));
});

const ofTests: Plant[] = folders.flatMap((folder) => [
  {
    title: `a test of ${folder} → testing`,
    filePath: `${folder}/src/planted.spec.ts`,
    code: `import { x } from '@gpubroker/testing/thing';\nx();\n`,
    rule: null,
  },
  {
    title: `a test of ${folder} → its own public entry`,
    filePath: `${folder}/test/planted.spec.ts`,
    code: `import { x } from '@gpubroker/${nameOf(folder)}';\nx();\n`,
    rule: null,
  },
  {
    title: `a test of ${folder} → a project that is not there for it`,
    filePath: `${folder}/test/planted.spec.ts`,
    code: `import { x } from '@gpubroker/nobody';\nx();\n`,
    rule: refused,
  },
]);

const ofPackages: Plant[] = [
  ...['@nestjs/common', 'typeorm', 'pg', 'kafkajs', 'ioredis', 'undici', 'fastify', 'node:fs'].map((name) => ({
    title: `contracts → ${name}`,
    filePath: 'libs/contracts/src/planted.ts',
    code: `import x from '${name}';\nx();\n`,
    rule: refused,
  })),
  ...['@nestjs/swagger', 'class-validator', 'zod', './neighbour', '../offers/offer.dto'].map((name) => ({
    title: `contracts → ${name}`,
    filePath: 'libs/contracts/src/planted.ts',
    code: `import x from '${name}';\nx();\n`,
    rule: null,
  })),
  ...folders.map((folder) => ({
    title: `${folder} → kafkajs`,
    filePath: `${folder}/src/kafka/planted.ts`,
    code: `import { Kafka } from 'kafkajs';\nexport const kafka = new Kafka({ brokers: [] });\n`,
    rule: folder === 'libs/events' ? null : refused,
  })),
];

const importPlants: Plant[] = [...byName, ...byRelativePath, ...ofTests, ...ofPackages];

/** Type-aware rules need a file that is in the program; only its path is borrowed, its content is not read. */
const borrowed = 'libs/circuit-breaker/src/clock.ts';
const housePlants: Plant[] = [
  {
    title: 'a floating promise',
    code: `async function work(): Promise<void> {\n  await Promise.resolve();\n}\nwork();\n`,
    rule: '@typescript-eslint/no-floating-promises',
  },
  { title: 'any', code: `export const x: any = 1;\n`, rule: '@typescript-eslint/no-explicit-any' },
  {
    title: 'a non-null assertion',
    code: `export const x = (y: string | null): string => y!;\n`,
    rule: '@typescript-eslint/no-non-null-assertion',
  },
  { title: 'a barrel star', code: `export * from './index';\n`, rule: 'no-restricted-syntax' },
  {
    title: 'forwardRef',
    code: `const forwardRef = (f: () => unknown): unknown => f();\nexport const x = forwardRef(() => 1);\n`,
    rule: 'no-restricted-syntax',
  },
  {
    title: 'a time-out inside AbortSignal.any',
    code: `export const x = (stop: AbortSignal): AbortSignal => AbortSignal.any([stop, AbortSignal.timeout(5)]);\n`,
    rule: 'no-restricted-syntax',
  },
  { title: 'a plain constant', code: `export const x = 1;\n`, rule: null },
].map((plant) => ({ ...plant, filePath: borrowed }));

/** A small workspace with a cycle inside a project, one across two projects, and a file in none. */
const entry = JSON.stringify({ exports: { './*': { '@gpubroker/source': './src/*/index.ts' } } });
const cycleFiles = {
  'libs/a/package.json': entry,
  'libs/b/package.json': entry,
  'libs/a/src/inside/one.ts': `import { two } from './two';\nexport const one: unknown = () => two;\n`,
  'libs/a/src/inside/two.ts': `import { one } from './one';\nexport const two: unknown = () => one;\n`,
  'libs/a/src/across/index.ts': `import { b } from '@gpubroker/b/across';\nexport const a: unknown = () => b;\n`,
  'libs/b/src/across/index.ts': `import { a } from '@gpubroker/a/across';\nexport const b: unknown = () => a;\n`,
  'libs/b/src/straight/index.ts': `import { one } from '@gpubroker/a/inside/one';\nexport const end = one;\n`,
};
const cyclic: [string, boolean][] = [
  ['libs/a/src/inside/one.ts', true],
  ['libs/a/src/across/index.ts', true],
  ['libs/b/src/across/index.ts', true],
  ['libs/b/src/straight/index.ts', false],
];

function plantCycles(): string {
  const directory = mkdtempSync(join(tmpdir(), 'gpubroker-cycles-'));
  for (const [path, content] of Object.entries(cycleFiles)) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), content);
  }
  mkdirSync(join(directory, 'node_modules/@gpubroker'), { recursive: true });
  for (const name of ['a', 'b'])
    symlinkSync(join(directory, 'libs', name), join(directory, 'node_modules/@gpubroker', name));
  return directory;
}

let reports: Record<'imports' | 'house' | 'cycles', string[][]>;

beforeAll(() => {
  const directory = plantCycles();
  try {
    const input = {
      imports: importPlants,
      house: housePlants,
      cycles: { directory, files: cyclic.map(([file]) => file) },
    };
    const child = spawnSync(process.execPath, [join(__dirname, 'lint-planted.mjs')], {
      input: JSON.stringify(input),
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
      // Where CI=true, the type checker would read each file from disk once and never see what is planted.
      env: { ...process.env, TSESTREE_SINGLE_RUN: 'false' },
    });
    if (child.status !== 0) throw new Error(`lint-planted.mjs failed: ${child.stderr}`);
    reports = JSON.parse(child.stdout) as typeof reports;
  } finally {
    rmSync(directory, { recursive: true });
  }
}, 120_000);

function expectReport(report: string[] | undefined, rule: string | null): void {
  const rules = report?.map((text) => text.split(':')[0]);
  if (rule === null) expect(report).toEqual([]);
  else expect(rules).toContain(rule);
}

describe('an import', () => {
  it.each(
    importPlants.map(({ title, rule }, index) => [title, rule === null ? 'passes' : 'is refused', index] as const),
  )('%s %s', (_, __, index) => {
    expectReport(reports.imports[index], importPlants[index]!.rule);
  });
});

describe('the house refuses', () => {
  it.each(housePlants.map(({ title, rule }, index) => [title, rule ?? 'nothing: it passes', index] as const))(
    '%s (%s)',
    (_, __, index) => {
      expectReport(reports.house[index], housePlants[index]!.rule);
    },
  );
});

describe('an import cycle', () => {
  it.each(cyclic.map(([file, found], index) => [file, found ? 'is found' : 'is not imagined', index] as const))(
    'at %s %s',
    (_, __, index) => {
      expectReport(reports.cycles[index], cyclic[index]![1] ? 'import-x/no-cycle' : null);
    },
  );
});

it('has a line for every app and lib of the tree', () => {
  const present = ['libs', 'apps'].flatMap((group) => readdirSync(join(root, group)).map((name) => `${group}/${name}`));
  expect(folders).toEqual(expect.arrayContaining(present));
});
