import fc from 'fast-check';
import { redactLine, redactText } from './redact';

const redacted = (fields: unknown) => JSON.parse(redactLine(JSON.stringify(fields))) as unknown;

describe('redactLine', () => {
  it.each([
    'password',
    'X-Api-Key',
    'apiKey',
    'RUNPOD_API_KEY',
    'refresh_token',
    'Set-Cookie',
    'privateKey',
    'recovery_codes',
  ])('hides what stands under %s, at any depth', (name) => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 8 }), fc.boolean(), (depth, inList) => {
        let fields: unknown = { [name]: 'canary' };
        for (let level = 0; level < depth; level += 1) fields = inList ? [fields] : { inner: fields };
        expect(JSON.stringify(redacted(fields))).not.toContain('canary');
      }),
    );
  });

  it('leaves numbers, switches and null under such names', () => {
    const fields = { cost_per_token: 0.5, has_password: true, api_key: null, ticket: '' };
    expect(redacted(fields)).toEqual(fields);
  });

  it('keeps any line whole that holds no secret', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('a', 'b', 'note'), fc.oneof(fc.integer(), fc.boolean(), fc.lorem())),
        (fields) => {
          expect(redacted(fields)).toEqual(fields);
        },
      ),
    );
  });

  it('treats a line that is no JSON as text', () => {
    expect(redactLine('password=canary\n')).toBe('password=[redacted]\n');
  });

  it('ends each line', () => {
    expect(redactLine('{"a":1}\n')).toBe('{"a":1}\n');
  });
});

describe('redactText', () => {
  it.each([
    ['GET https://h/p?api_key=abcdef&limit=5', 'GET https://h/p?api_key=[redacted]&limit=5'],
    ['postgres://u:p@ss@h:5432/d', 'postgres://u:[redacted]@h:5432/d'],
    ['Authorization: Bearer abc.def-123', 'Authorization: Bearer [redacted]'],
    ['https://h:8080/a@b', 'https://h:8080/a@b'],
    ['the token expired', 'the token expired'],
  ])('turns %s into %s', (text, expected) => {
    expect(redactText(text)).toBe(expected);
  });

  it('changes nothing when it is applied again', () => {
    for (const text of ['password=abc', 'Bearer abcdefgh', 'https://u:p@h/', '{"authorization":"abcdef"}'])
      expect(redactText(redactText(text))).toBe(redactText(text));
  });

  it('reads 100 kB of anything in 200 ms of processor time', () => {
    for (const piece of ['a', ':', '"', 'eyJ', 'password=', 'http://', '\\', '-----BEGIN PRIVATE KEY-----']) {
      const text = piece.repeat(Math.ceil(100_000 / piece.length));
      const before = process.cpuUsage();
      redactText(text);
      expect({ piece, slow: process.cpuUsage(before).user > 200_000 }).toEqual({ piece, slow: false });
    }
  });
});
