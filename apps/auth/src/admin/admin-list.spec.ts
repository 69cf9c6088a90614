import { conditions, contains, limit, orderBy } from './admin-list';

describe('conditions', () => {
  it('numbers the values and leaves out what was not given', () => {
    expect(
      conditions([
        [contains(['a', 'b']), 'x'],
        ['c = ?', undefined],
        ['d = ?', false],
      ]),
    ).toEqual({
      where: 'WHERE (strpos(lower(a), lower($1::text)) > 0 OR strpos(lower(b), lower($1::text)) > 0) AND d = $2',
      values: ['x', false],
    });
  });

  it('are none when nothing was given', () => {
    expect(conditions([['a = ?', undefined]])).toEqual({ where: '', values: [] });
  });
});

describe('orderBy', () => {
  const columns = { name: 't.name' };

  it.each([
    ['name', 'ORDER BY t.name ASC NULLS LAST, t.id'],
    ['-name', 'ORDER BY t.name DESC NULLS LAST, t.id'],
  ])('sorts by %s', (sort, sql) => {
    expect(orderBy(sort, columns, 't.id')).toBe(sql);
  });

  it('knows no other field', () => {
    expect(() => orderBy('password', columns, 't.id')).toThrow('no field password');
  });
});

describe('limit', () => {
  it.each([
    [{}, 'LIMIT 20 OFFSET 0'],
    [{ page: 3, per_page: 50 }, 'LIMIT 50 OFFSET 100'],
  ])('gives the page of %p', (query, sql) => {
    expect(limit(query)).toBe(sql);
  });
});
