import { walkPages } from './page-walk';

const pages =
  (total: number | null, ...lists: unknown[][]) =>
  (page: number) =>
    Promise.resolve({ rows: lists[page - 1] ?? [], total });

describe('walkPages', () => {
  it('reads to the last page', async () => {
    expect(await walkPages('c', 'list', pages(3, [1, 2], [3]))).toEqual([1, 2, 3]);
  });

  it('counts a row once that slipped to the next page', async () => {
    expect(await walkPages('c', 'list', pages(4, [1, 2], [2, 3]))).toEqual([1, 2, 3]);
  });

  it('reads an empty list', async () => {
    expect(await walkPages('c', 'list', pages(0))).toEqual([]);
  });

  it('ends with the first page that adds nothing where no total is named', async () => {
    expect(await walkPages('c', 'list', pages(null, [1], [2]))).toEqual([1, 2]);
  });

  it.each([
    ['stop before their total', pages(5, [1, 2])],
    ['are all the same', () => Promise.resolve({ rows: [1], total: 500 })],
  ])('refuses a part as the whole when the pages %s', async (_how, ask) => {
    await expect(walkPages('c', 'list', ask)).rejects.toMatchObject({ reason: 'incomplete' });
  });

  it('gives up on pages without end', async () => {
    const ask = (page: number) => Promise.resolve({ rows: [page], total: null });
    await expect(walkPages('c', 'list', ask)).rejects.toMatchObject({ reason: 'incomplete' });
  });
});
