import { z } from 'zod';
import { readJson } from './read-json';
import type { SnapshotOffer } from './expected-figures';
import { AVAILABILITY_STATUSES, OFFER_SOURCES } from '@gpubroker/contracts/offers';

const PER_PAGE = 100;

const pageSchema = z.object({
  total: z.number().int(),
  items: z.array(
    z.object({
      id: z.string(),
      provider: z.string(),
      gpu_type: z.string(),
      gpu_family: z.string().nullable(),
      gpu_count: z.number().nullable(),
      price_per_hour: z.number(),
      currency: z.string(),
      availability_status: z.enum(AVAILABILITY_STATUSES),
      source: z.enum(OFFER_SOURCES),
      stale: z.boolean(),
    }),
  ),
  meta: z.object({ version: z.string() }),
});

export interface CatalogueSnapshot {
  readonly version: string;
  readonly offers: readonly SnapshotOffer[];
}

/**
 * Every offer of one catalogue version, page by page over HTTP: prices may move meanwhile.
 * @throws Error when providers does not answer, or no longer keeps the version
 */
export async function walkCatalogue(providersUrl: string): Promise<CatalogueSnapshot> {
  const first = await readPage(providersUrl, 1, null);
  const { version } = first.meta;
  const offers: SnapshotOffer[] = [...first.items];
  for (let page = 2; offers.length < first.total; page += 1) {
    const { items } = await readPage(providersUrl, page, version);
    if (items.length === 0) throw new Error(`the list ended after ${offers.length} of ${first.total} offers`);
    offers.push(...items);
  }
  return { version, offers };
}

async function readPage(providersUrl: string, page: number, version: string | null) {
  const query = new URLSearchParams({ page: String(page), per_page: String(PER_PAGE) });
  if (version !== null) query.set('version', version);
  return pageSchema.parse(await readJson(`${providersUrl}/api/v2/providers?${query.toString()}`));
}
