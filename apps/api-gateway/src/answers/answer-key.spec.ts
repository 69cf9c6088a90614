import { answerKey } from './answer-key';

const key = (query: string, prefer?: string) => answerKey(`/api/v2/providers${query}`, prefer);

describe('the key of a kept answer', () => {
  it('is the same for parameters in another order, and a slash at the end', () => {
    expect(key('?b=2&a=1')).toBe(key('?a=1&b=2'));
    expect(answerKey('/api/v2/providers/', undefined)).toBe(key(''));
  });

  it.each([
    ['another value', '?a=1', '?a=2'],
    ['what is given twice the other way round', '?a=1&a=2', '?a=2&a=1'],
    ['the same, one name in escapes', '?ab=1&a%62=2', '?a%62=2&ab=1'],
    ['an escaped separator', '?a=1%26b%3D2', '?a=1&b=2'],
    ['text behind a second question mark', '?a=1?2', '?a=1'],
    ['bytes that are no text', '?a=%ff', '?a=%fe'],
    ['an empty parameter, which can be an unknown one', '?a=1&b=', '?a=1'],
  ])('differs for %s', (_what, one, other) => {
    expect(key(one)).not.toBe(key(other));
  });

  it('differs by how strictly the question is to be read', () => {
    expect(key('?a=1', 'handling=strict')).not.toBe(key('?a=1'));
  });

  it('differs for a path with one slash too many', () => {
    expect(answerKey('/api/v2/providers//', undefined)).not.toBe(key(''));
  });
});
