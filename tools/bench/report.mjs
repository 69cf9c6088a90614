import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, getPriority, loadavg, totalmem } from 'node:os';
import { resolve } from 'node:path';

/**
 * @typedef {object} Figure
 * @property {string} name
 * @property {number} value
 * @property {string} [unit]
 * @property {number} [atMost] the run fails above it
 * @property {number} [atLeast] the run fails below it
 *
 * @typedef {object} Result
 * @property {readonly Figure[]} figures
 * @property {readonly string[]} [notes] what was measured and how, a sentence each
 * @property {Readonly<Record<string, string>>} [versions] of the programs measured, beside Node's
 */

/** Before anything was measured: figures of a machine that others keep busy say little. */
const [LOAD = 0] = loadavg();
const PAGE = resolve(import.meta.dirname, '../../docs/performance.md');
const HEAD = `# Performance

Written by \`npm run bench\`; \`npm run bench -- NAME\` writes one section anew. Figures are of one run on the machine that each
section names: compare ratios measured in the same run, not numbers of different machines.
`;

/** @param {string} title @param {Result} result */
export function toMarkdown(title, { figures, notes = [], versions = {} }) {
  return [
    `## ${title}`,
    '',
    circumstances(versions),
    '',
    ...notes.flatMap((note) => [note, '']),
    '| figure | value | limit |',
    '| --- | ---: | ---: |',
    ...figures.map((figure) => `| ${figure.name} | ${shown(figure.value, figure.unit)} | ${limitOf(figure)} |`),
    '',
  ].join('\n');
}

/** @param {Result} result @returns {string[]} a line per broken limit */
export function brokenLimits({ figures }) {
  return figures
    .filter(
      ({ value, atMost, atLeast }) =>
        !Number.isFinite(value) ||
        (atMost !== undefined && value > atMost) ||
        (atLeast !== undefined && value < atLeast),
    )
    .map((figure) => `${figure.name} is ${shown(figure.value, figure.unit)}, ${limitOf(figure)}`);
}

/** Replaces the section of that name, or adds it. */
export function writeSection(name, section) {
  const [from, to] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const page = existsSync(PAGE) ? readFileSync(PAGE, 'utf8') : HEAD;
  const [start, end] = [page.indexOf(from), page.indexOf(to)];
  const block = `${from}\n\n${section}\n${to}`;
  const written =
    start === -1 ? `${page.trimEnd()}\n\n${block}\n` : page.slice(0, start) + block + page.slice(end + to.length);
  writeFileSync(PAGE, written);
}

function circumstances(versions) {
  const [cpu] = cpus();
  const machine = `${cpus().length} × ${cpu?.model.trim() ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, load ${LOAD.toFixed(1)} before${niceness()}`;
  const programs = Object.entries({ Node: process.versions.node, ...versions }).map((pair) => pair.join(' '));
  return `${new Date().toISOString().slice(0, 10)} · ${machine} · ${programs.join(', ')}`;
}

/** A run that was given precedence says so. */
function niceness() {
  return getPriority() === 0 ? '' : `, niceness ${getPriority()}`;
}

function shown(value, unit) {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  const number = value.toLocaleString('en-US', { maximumFractionDigits: digits });
  return unit === undefined ? number : `${number} ${unit}`;
}

function limitOf({ atMost, atLeast, unit }) {
  if (atMost !== undefined) return `≤ ${shown(atMost, unit)}`;
  return atLeast === undefined ? '' : `≥ ${shown(atLeast, unit)}`;
}
