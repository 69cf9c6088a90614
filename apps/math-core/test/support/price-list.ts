import { LocalServer } from '@gpubroker/testing/local-server';

export interface ListedPrice {
  readonly gpu_type: string;
  readonly price_per_hour: number;
  readonly [member: string]: unknown;
}

/** What the providers service answers to `GET /api/v2/providers`, with prices that a test sets. */
export interface PriceList {
  readonly url: string;
  /** Queries that were asked, oldest first. */
  readonly asked: URLSearchParams[];
  offers: readonly ListedPrice[];
  /** Answered in place of the list. */
  status: number;
  /** Answers to other paths, by path after /api/v2/. */
  readonly others: Map<string, unknown>;
  stop(): Promise<void>;
}

export async function startPriceList(offers: readonly ListedPrice[] = []): Promise<PriceList> {
  const server = await LocalServer.start((request, response) => {
    const url = new URL(request.url ?? '/', 'http://x');
    const path = decodeURIComponent(url.pathname.slice('/api/v2/'.length));
    const other = list.others.get(path);
    const known = path === 'providers' || other !== undefined;
    list.asked.push(url.searchParams);
    response.writeHead(list.status === 200 && !known ? 404 : list.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(other ?? page(list.offers, url.searchParams.get('gpu_type') ?? '')));
  });
  const list: PriceList = {
    url: server.url,
    asked: [],
    offers,
    status: 200,
    others: new Map(),
    stop: () => server.stop(),
  };
  return list;
}

function page(offers: readonly ListedPrice[], gpuType: string): object {
  const items = offers
    .filter(({ gpu_type: type }) => type.includes(gpuType))
    .map((offer, index) => ({
      id: `offer-${index}`,
      provider: 'lambda',
      currency: 'USD',
      pricing: 'on_demand',
      availability_status: 'available',
      source: 'live',
      stale: false,
      observed_at: new Date(Date.now() - 42_000).toISOString(),
      ...offer,
    }));
  return { total: items.length, items, meta: {} };
}
