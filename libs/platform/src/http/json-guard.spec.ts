import fc from 'fast-check';
import { ApiError } from '../errors/api-error';
import { parseJsonBody } from './json-guard';

const codeOf = (text: string) => {
  try {
    parseJsonBody(text);
    return null;
  } catch (error) {
    return error instanceof ApiError ? error.code : 'not ours';
  }
};
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

describe('parseJsonBody', () => {
  it('reads any JSON as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.json({ noUnicodeString: false }), (text) => {
        fc.pre(!/\\u(0000|d[89a-f])/i.test(text) && !text.includes('__proto__'));
        expect(parseJsonBody(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('refuses any other text as malformed', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        fc.pre(!valid);
        expect(['MALFORMED_REQUEST', 'VALIDATION_ERROR']).toContain(codeOf(text));
      }),
    );
  });

  it.each([
    [64, null],
    [65, 'VALIDATION_ERROR'],
    [100_000, 'VALIDATION_ERROR'],
  ])('answers brackets %d deep with %j', (depth, code) => {
    expect(codeOf(nested(depth))).toBe(code);
  });

  it('does not count brackets inside texts', () => {
    expect(codeOf(JSON.stringify({ text: '['.repeat(500), escaped: '"['.repeat(500), slash: '\\' }))).toBeNull();
  });

  it('takes a member named constructor that is no trap', () => {
    expect(parseJsonBody('{"constructor":"Ferrari"}')).toEqual({ constructor: 'Ferrari' });
  });

  it.each(['{"a":{"__proto__":1}}', '{"constructor":{"prototype":{}}}', '{"a":[{"__proto__":null}]}'])(
    'refuses %s',
    (text) => {
      expect(codeOf(text)).toBe('VALIDATION_ERROR');
    },
  );

  it.each([
    ['{"a":"\\ud800"}', 'VALIDATION_ERROR'],
    ['{"a":"\\uDC00x"}', 'VALIDATION_ERROR'],
    ['{"a":"\\ud83d\\\\udc00"}', 'VALIDATION_ERROR'],
    ['{"\\udead":1}', 'VALIDATION_ERROR'],
    ['{"a":"\\ude00\\ud83d"}', 'VALIDATION_ERROR'],
    ['{"a":"\\uD83D\\ude00"}', null],
    ['{"a":"\\\\ud800"}', null],
    ['{"a":"😀\\ud7ff\\ue000"}', null],
  ])('answers half a character in %s with %j', (text, code) => {
    expect(codeOf(text)).toBe(code);
  });

  it('finds NUL among long runs of backslashes in linear time', () => {
    const before = process.cpuUsage();
    expect(codeOf(`{"a":"${'\\\\'.repeat(300_000)}"}`)).toBeNull();
    expect(process.cpuUsage(before).user).toBeLessThan(500_000);
  });
});
