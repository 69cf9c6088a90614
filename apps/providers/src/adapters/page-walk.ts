import { UpstreamIncompleteError } from '@gpubroker/provider-adapter/upstream';

export interface NumberedPage {
  readonly rows: readonly unknown[];
  /** Rows of the whole list, as this page says; null when it does not. */
  readonly total: number | null;
}

/** More means that the pages go round. */
const MOST_PAGES = 200;

/**
 * Every row of a list that comes in numbered pages, each once: rows slip from one page to the next while the list moves.
 * @param ask page numbers start at 1
 * @throws UpstreamIncompleteError when the pages stop before the total that they name
 */
export async function walkPages(
  provider: string,
  list: string,
  ask: (page: number) => Promise<NumberedPage>,
): Promise<unknown[]> {
  const rows = new Map<string, unknown>();
  let read = 0;
  for (let page = 1; page <= MOST_PAGES; page += 1) {
    const { rows: found, total } = await ask(page);
    const before = rows.size;
    for (const row of found) rows.set(JSON.stringify(row), row);
    read += found.length;
    if (total !== null && read >= total) return [...rows.values()];
    if (rows.size === before) {
      if (total === null) return [...rows.values()];
      throw new UpstreamIncompleteError(provider, `${list} ends after ${read} of ${total} rows`);
    }
  }
  throw new UpstreamIncompleteError(provider, `the pages of ${list} do not end`);
}
