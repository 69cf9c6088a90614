import { differences, leaves } from './differences';

it('finds nothing between answers that agree in all that is expected', () => {
  expect(differences({ a: 1, b: { c: [1, 'x', null] } }, { a: 1, b: { c: [1, 'x', null], more: 7 }, d: 8 })).toEqual(
    [],
  );
  expect(differences({ price: 1.2345 }, { price: 1.2346 })).toEqual([]);
});

it.each([
  [{ a: 1 }, { a: 2 }, ['a']],
  [{ price: 1.2345 }, { price: 1.2348 }, ['price']],
  [{ a: null }, { a: 0 }, ['a']],
  [{ a: 0.5 }, {}, ['a']],
  [{ a: [1, 2] }, { a: [1] }, ['a.length', 'a[1]']],
  [{ a: { b: 'x' } }, { a: 'x' }, ['a']],
])('between %j and %j finds %j', (expected, found, paths) => {
  expect(differences(expected, found).map(({ path }) => path)).toEqual(paths);
});

it('counts what it compared', () => {
  expect(leaves({ a: 1, b: [1, { c: null, d: 'x' }], e: {} })).toBe(4);
});
