import fc from 'fast-check';
import { GraphqlError, readGraphql } from './graphql-reader';

describe('GraphQL reader', () => {
  it('reads fields, aliases, arguments and nesting', () => {
    expect(
      readGraphql('{ gpuTypes { id one: lowestPrice(input: {gpuCount: 1, secureCloud: true}) { stockStatus } } }', {}),
    ).toEqual({
      kind: 'query',
      fields: [
        {
          name: 'gpuTypes',
          key: 'gpuTypes',
          args: {},
          fields: [
            { name: 'id', key: 'id', args: {}, fields: [] },
            {
              name: 'lowestPrice',
              key: 'one',
              args: { input: { gpuCount: 1, secureCloud: true } },
              fields: [{ name: 'stockStatus', key: 'stockStatus', args: {}, fields: [] }],
            },
          ],
        },
      ],
    });
  });

  it('reads every kind of value', () => {
    const { fields } = readGraphql(
      'mutation { rent(a: "x \\"y\\"", b: -1.5e2, c: false, d: null, e: SECURE, f: [1, 2], g: {h: $v}, i: $none) }',
      { v: { deep: 1 } },
    );
    expect(fields[0]?.args).toEqual({
      a: 'x "y"',
      b: -150,
      c: false,
      d: null,
      e: 'SECURE',
      f: [1, 2],
      g: { h: { deep: 1 } },
      i: null,
    });
  });

  it('skips names, variable definitions and comments', () => {
    const read = readGraphql('query Cheapest($input: GpuInput!, $n: [Int] = [1]) { # list\n a\n b }', {});
    expect(read).toMatchObject({ kind: 'query', fields: [{ name: 'a' }, { name: 'b' }] });
  });

  it.each([
    ['nothing', ''],
    ['an open selection', '{ a'],
    ['an empty selection', '{ a { } }'],
    ['a fragment', 'query { ...f } fragment f on T { a }'],
    ['two operations', 'query { a } query { b }'],
    ['a subscription', 'subscription { a }'],
    ['a stray character', '{ a ; b }'],
    ['a missing colon', '{ a(b 1) }'],
    ['punctuation as a value', '{ a(b: !) }'],
    ['a number as a name', '{ 1 }'],
    ['fields nested without end', '{ a '.repeat(50) + '}'.repeat(50)],
    ['values nested without end', `{ a(b: ${'['.repeat(50)}${']'.repeat(50)}) }`],
  ])('refuses %s', (_what, source) => {
    expect(() => readGraphql(source, {})).toThrow(GraphqlError);
  });

  it('reads or refuses any text, and never fails otherwise', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 80 }), (source) => {
        try {
          readGraphql(source, {});
        } catch (error) {
          expect(error).toBeInstanceOf(GraphqlError);
        }
      }),
    );
  });
});
