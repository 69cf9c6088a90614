import { ApiError } from '@gpubroker/platform/errors';
import { parseJsonBody } from '@gpubroker/platform/http';
import fc from 'fast-check';
import { parseJsonInTurns } from './json-in-turns';

type Outcome = { readonly value: unknown } | { readonly refused: string };
const refusal = (error: unknown): Outcome => {
  if (error instanceof ApiError) return { refused: error.code };
  throw error;
};
const inTurns = (text: string, piece: number): Promise<Outcome> =>
  parseJsonInTurns(text, piece).then((value) => ({ value }), refusal);
function atOnce(text: string): Outcome {
  try {
    return { value: parseJsonBody(text) };
  } catch (error) {
    return refusal(error);
  }
}

const json = fc.oneof(
  fc.jsonValue({ maxDepth: 5 }).map((value) => JSON.stringify(value)),
  fc.jsonValue({ maxDepth: 5 }).map((value) => JSON.stringify(value, null, 2)),
);
const pieces = fc.constantFrom(1, 2, 5, 20, 200);

it('parses every text as it would be parsed at one go', () =>
  fc.assert(
    fc.asyncProperty(json, pieces, async (text, piece) => {
      expect(await inTurns(text, piece)).toEqual(atOnce(text));
    }),
  ));

it('refuses what would be refused at one go, wherever a character is missing, or one too many', () =>
  fc.assert(
    fc.asyncProperty(
      json,
      pieces,
      fc.nat(),
      fc.constantFrom('', ',', '[', ']', '{', '}', '"', ':', ' ', '\\', '1'),
      fc.boolean(),
      async (text, piece, place, inserted, isReplaced) => {
        const at = place % (text.length + 1);
        const changed = text.slice(0, at) + inserted + text.slice(at + (isReplaced ? 1 : 0));
        expect(await inTurns(changed, piece)).toEqual(atOnce(changed));
      },
    ),
    { numRuns: 1_000 },
  ));

it.each([
  ['a comma before the end', '[1,2,3,]'],
  ['a comma before the end of an object', '{"a":1,"b":2,}'],
  ['a comma at the start', '[,1,2,3]'],
  ['a comma before one long element', '[,false]'],
  ['nothing between commas', '[1,2,  ,3]'],
  ['a bracket that closes a brace', '{"a":[1,2,3}]'],
  ['an end of another kind', '[1,2,3}'],
  ['text after the end', '[1,2,3]]'],
  ['no end', '[1,2,3'],
  ['a member without a name', '{"a":1, [1,2,3,4,5,6]}'],
  ['a byte order mark', '\ufeff[1,2,3]'],
])('refuses %s', async (_what, text) => {
  expect(await inTurns(text, 2)).toEqual({ refused: 'MALFORMED_REQUEST' });
});

it.each([
  ['a prototype', '{"a":1,"__proto__":{"b":[1,2,3]}}'],
  ['a prototype behind a long list', '{"a":[{"b":1},{"c":[1,2,3]},{"__proto__":1}]}'],
  ['a prototype in escapes', '{"a":1,"\\u005f_proto__":{"b":[1,2,3]}}'],
  ['a NUL', '{"a":["b","c\\u0000"]}'],
])('refuses %s as everywhere', async (_what, text) => {
  expect(await inTurns(text, 2)).toEqual({ refused: 'VALIDATION_ERROR' });
});

it('lets the last of equal names stand', async () => {
  expect(await inTurns('{"a":[1,2,3,4],"b":0,"a":[5,6,7,8]}', 3)).toEqual({ value: { a: [5, 6, 7, 8], b: 0 } });
});

it('refuses a text of nothing but brackets, however long', async () => {
  expect(await inTurns('['.repeat(200_000) + ']'.repeat(200_000), 1_000)).toEqual({ refused: 'VALIDATION_ERROR' });
});

it('lets others run while it parses megabytes', async () => {
  const ratings = Array.from({ length: 100_000 }, (_, index) => ({ user: `u${index}`, item: `i${index}`, value: 1 }));
  let turns = 0;
  const counting = setInterval(() => (turns += 1), 0);
  await parseJsonInTurns(JSON.stringify({ ratings }));
  clearInterval(counting);
  expect(turns).toBeGreaterThan(10);
});
