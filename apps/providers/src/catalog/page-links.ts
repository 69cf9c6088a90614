import type { RawQuery } from './parse-offer-query';

export interface PageLinkInput {
  readonly path: string;
  readonly raw: RawQuery;
  readonly version: number;
  readonly page: number;
  readonly perPage: number;
  readonly total: number;
}

/** The `Link` header (RFC 8288) to the other pages of the same catalogue version; null when there is no other page. */
export function pageLinks({ path, raw, version, page, perPage, total }: PageLinkInput): string | null {
  const last = Math.max(1, Math.ceil(total / perPage));
  if (last === 1 && page === 1) return null;
  const to = (target: number, rel: string) => `<${path}?${queryFor(raw, version, target)}>; rel="${rel}"`;
  const links = [to(1, 'first'), to(last, 'last')];
  if (page > 1) links.push(to(Math.min(page - 1, last), 'prev'));
  if (page < last) links.push(to(page + 1, 'next'));
  return links.join(', ');
}

function queryFor(raw: RawQuery, version: number, page: number): string {
  const query = new URLSearchParams();
  for (const [key, given] of Object.entries(raw)) {
    if (key === 'page' || key === 'version') continue;
    for (const value of [given ?? []].flat()) query.append(key, value);
  }
  query.set('version', String(version));
  query.set('page', String(page));
  return query.toString();
}
