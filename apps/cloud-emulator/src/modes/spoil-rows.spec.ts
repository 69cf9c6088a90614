import type { RowShape } from '../clouds/emulated-cloud';
import { spoilRows } from './spoil-rows';

const SHAPE: RowShape = { path: ['data', 'rows'], id: 'id', numbers: ['price', 'count'] };
const body = {
  data: { rows: Array.from({ length: 11 }, (_, id) => ({ id, price: 2.5, count: 8, name: 'x' })) },
  next: null,
};

describe('spoilRows', () => {
  const { data, next } = spoilRows(body, SHAPE) as typeof body;

  it('leaves every other row and everything else as it was', () => {
    expect(data.rows.filter((_row, index) => index % 2 === 0)).toEqual(
      body.data.rows.filter((_row, index) => index % 2 === 0),
    );
    expect(next).toBeNull();
  });

  it.each([
    ['numbers as text', 1, { id: 1, price: '2.5', count: '8', name: 'x' }],
    ['nulls', 3, { id: 3, price: null, count: null, name: 'x' }],
    ['a negative number', 5, { id: 5, price: -1, count: 8, name: 'x' }],
    ['NaN as text', 7, { id: 7, price: 'NaN', count: 8, name: 'x' }],
    ['no id', 9, { price: 2.5, count: 8, name: 'x' }],
  ])('breaks a row with %s', (_what, index, row) => {
    expect(data.rows[index]).toEqual(row);
  });

  it('finds rows that stand under their names, and what it breaks inside them', () => {
    const named = { data: { a: { type: { id: 'a', price: 1 } }, b: { type: { id: 'b', price: 2 } } } };

    expect(spoilRows(named, { path: ['data'], within: 'type', id: 'id', numbers: ['price'] })).toEqual({
      data: { a: { type: { id: 'a', price: 1 } }, b: { type: { id: 'b', price: '2' } } },
    });
  });

  it('does not touch the body it was given', () => {
    expect(body.data.rows[1]).toEqual({ id: 1, price: 2.5, count: 8, name: 'x' });
  });

  it.each([[{ data: null }], [{ errors: [] }], ['text'], [{ data: { rows: {} } }], [{ data: { rows: [1, 2] } }]])(
    'leaves %j alone',
    (other) => {
      expect(spoilRows(other, SHAPE)).toEqual(other);
    },
  );
});
