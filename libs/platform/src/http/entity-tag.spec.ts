import { matchesETag } from './entity-tag';

it.each([
  ['W/"a"', 'W/"a"', true],
  ['"a"', 'W/"a"', true],
  ['W/"a"', '"a"', true],
  ['"x", W/"a"', 'W/"a"', true],
  ['*', 'W/"a"', true],
  ['"ab"', 'W/"a"', false],
  ['', 'W/"a"', false],
  [undefined, 'W/"a"', false],
])('If-None-Match %s names %s: %s', (ifNoneMatch, etag, matches) => {
  expect(matchesETag(ifNoneMatch, etag)).toBe(matches);
});
