/**
 * `npm run bench` runs every benchmark, `npm run bench -- NAME …` the named ones: tools/bench/NAME.bench.mjs. Each writes its
 * section of docs/performance.md; the exit code says whether every figure kept its limit.
 *
 * A benchmark's module exports `title` (of its section) and `run(say)` → Result (report.mjs); `say` prints progress.
 */
import { readdirSync } from 'node:fs';
import { brokenLimits, toMarkdown, writeSection } from './report.mjs';

const known = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.bench.mjs'))
  .map((file) => file.slice(0, -'.bench.mjs'.length));
const wanted = process.argv.length > 2 ? process.argv.slice(2) : known;
const unknown = wanted.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`no benchmark called ${unknown.join(', ')}; there are ${known.join(', ')}`);
  process.exit(2);
}

const broken = [];
for (const name of wanted) {
  const { title, run } = await import(`./${name}.bench.mjs`);
  console.log(`bench: ${name}`);
  const result = await run((line) => console.log(`  ${line}`));
  const section = toMarkdown(title, result);
  console.log(`\n${section}`);
  writeSection(name, section);
  broken.push(...brokenLimits(result).map((figure) => `${name}: ${figure}`));
}
console.log(broken.length === 0 ? 'bench: every limit kept' : `bench: limits broken\n  ${broken.join('\n  ')}`);
process.exit(broken.length === 0 ? 0 : 1);
