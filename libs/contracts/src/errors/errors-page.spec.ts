import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ERROR_CATALOG, ERROR_CODES } from './error-codes';
import type { ErrorEnvelopeDto } from './error-envelope.dto';

const page = readFileSync(join(__dirname, '../../../../docs/errors.md'), 'utf8');

/** The page's sections by their heading. */
const sections = new Map(
  page
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')).trim(), section] as const),
);
const lineOf = (section: string, label: string) => new RegExp(`^- ${label}: (.*)$`, 'm').exec(section)?.[1];

describe('docs/errors.md', () => {
  it('explains every code, in the order of the catalog, and no other', () => {
    expect([...sections.keys()]).toEqual(ERROR_CODES);
  });

  it.each(ERROR_CODES)('says of %s what the catalog says', (code) => {
    const section = sections.get(code) ?? '';
    expect({
      status: Number(lineOf(section, 'Status')),
      meaning: lineOf(section, 'Meaning'),
      remedy: lineOf(section, 'Remedy'),
    }).toEqual(ERROR_CATALOG[code]);
  });

  it.each(ERROR_CODES)('shows %s in an envelope', (code) => {
    const example = /```json\n([\s\S]*?)```/.exec(sections.get(code) ?? '')?.[1] ?? 'null';
    const { detail, error } = JSON.parse(example) as ErrorEnvelopeDto;
    expect(error).toMatchObject({ code, message: detail });
    expect(Object.keys(error)).toEqual(['code', 'message', 'details', 'trace_id']);
    expect(Array.isArray(error.details)).toBe(code === 'VALIDATION_ERROR');
  });
});
