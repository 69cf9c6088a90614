import { z } from 'zod';
import { amount, flag, identifier, list, part, price, rowsOf, text } from './upstream-fields';

describe('members of upstream rows', () => {
  it.each([
    [8, 8],
    ['8', 8],
    [' 0.25 ', 0.25],
    ['-1', -1],
    ['', null],
    ['many', null],
    ['1e999', null],
    [Number.NaN, null],
    [true, null],
    [null, null],
    [undefined, undefined],
  ])('reads the amount %p as %p', (sent, read) => {
    expect(amount.parse(sent)).toBe(read);
  });

  it.each([
    [true, true],
    ['true', true],
    ['False', false],
    ['yes', null],
    [1, null],
    [undefined, undefined],
  ])('reads the flag %p as %p', (sent, read) => {
    expect(flag.parse(sent)).toBe(read);
  });

  it('leaves money as it was sent', () => {
    expect([2.5, '2.50', 'ask', [], null].map((sent) => price.parse(sent))).toEqual([2.5, '2.50', 'ask', null, null]);
  });

  it('takes nothing but text for text', () => {
    expect(['L4', 4, null].map((sent) => text.parse(sent))).toEqual(['L4', null, null]);
  });

  it('knows a row by a text or a whole number', () => {
    expect(['a', 7].map((sent) => identifier.parse(sent))).toEqual(['a', '7']);
    expect(['', 0.5, null].filter((sent) => identifier.safeParse(sent).success)).toEqual([]);
  });

  it('reads an object member by member', () => {
    const size = part({ gb: amount, name: text });
    expect([{ gb: '4', name: 7, extra: 1 }, 'x', null].map((sent) => size.parse(sent))).toEqual([
      { gb: 4, name: null },
      null,
      null,
    ]);
  });

  it('leaves a bad element of a list out, and keeps the others', () => {
    const names = list(z.object({ name: z.string() }));
    expect(names.parse([{ name: 'a' }, null, { name: 1 }, { name: 'b' }])).toEqual([{ name: 'a' }, { name: 'b' }]);
    expect([names.parse({}), names.parse(null)]).toEqual([null, null]);
    expect(rowsOf(z.string()).safeParse(null).success).toBe(false);
  });
});
