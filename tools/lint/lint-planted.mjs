/**
 * Lints sources that exist nowhere, for import-rules.spec.ts. Its own process, because ESLint loads its configuration by
 * import(), which Jest's sandbox refuses.
 * stdin: { imports: Plant[], house: Plant[], cycles: { directory, files: string[] } } with Plant = { filePath, code };
 * stdout: the same keys, each with one list of "rule: message" per plant or file.
 */
import { dirname, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import houseConfig from '../../eslint.config.mjs';
import { importRules } from './import-rules.mjs';

const root = resolve(import.meta.dirname, '../..');

/** The import table alone reads no types, so a planted file need not exist, nor its project. */
const importTable = new ESLint({
  cwd: root,
  overrideConfigFile: true,
  baseConfig: [{ files: ['**/*.ts'], languageOptions: { parser: tseslint.parser } }, ...importRules],
});

/** The whole configuration as `npm run lint` uses it: a plant must borrow the path of a file that the type checker knows. */
const house = new ESLint({ cwd: root });

/** A cycle is read from disk: no-cycle with the house's own options and settings, on a directory outside the checkout. */
function cyclesIn(directory) {
  const { plugins, rules, settings } = houseConfig.find((block) => block.rules?.['import-x/no-cycle']);
  return new ESLint({
    cwd: directory,
    overrideConfigFile: true,
    baseConfig: [
      {
        files: ['**/*.ts'],
        languageOptions: { parser: tseslint.parser },
        plugins: { 'import-x': plugins['import-x'] },
        rules: { 'import-x/no-cycle': rules['import-x/no-cycle'] },
        // The parser is named by path: the planted directory has no node_modules to find it in.
        settings: { ...settings, 'import-x/parsers': { [parserPath()]: ['.ts'] } },
      },
    ],
  });
}

function parserPath() {
  return resolve(dirname(new URL(import.meta.resolve('@typescript-eslint/parser')).pathname), 'index.js');
}

const reported = (results) =>
  results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => `${ruleId ?? 'fatal'}: ${message}`));

async function lintAll(eslint, plants) {
  const reports = [];
  for (const { filePath, code } of plants)
    reports.push(reported(await eslint.lintText(code, { filePath: resolve(root, filePath) })));
  return reports;
}

const { imports, house: housePlants, cycles } = JSON.parse(await text(process.stdin));
const cycleLint = cyclesIn(cycles.directory);
const cycleReports = [];
for (const file of cycles.files) cycleReports.push(reported(await cycleLint.lintFiles([file])));
console.log(
  JSON.stringify({
    imports: await lintAll(importTable, imports),
    house: await lintAll(house, housePlants),
    cycles: cycleReports,
  }),
);
