import type { OfferState } from '@gpubroker/contracts/events';
import { LocalServer } from '@gpubroker/testing/local-server';

/** Answers the list of providers from given offers, page by page. */
export class Catalogue {
  offers: readonly OfferState[] = [];
  /** Clouds whose offers are stale. */
  stale: ReadonlySet<string> = new Set();
  private readonly server = new LocalServer((request, reply) => {
    const query = new URL(request.url ?? '', 'http://catalogue').searchParams;
    const [page, size] = [Number(query.get('page')), Number(query.get('per_page'))];
    const items = this.offers.slice((page - 1) * size, page * size).map(({ offer_id, ...offer }) => ({
      ...offer,
      id: offer_id,
      stale: this.stale.has(offer.provider),
    }));
    reply.setHeader('content-type', 'application/json');
    reply.end(JSON.stringify({ total: this.offers.length, items, meta: { version: '7' } }));
  });

  start(): Promise<string> {
    return this.server.start();
  }

  stop(): Promise<void> {
    return this.server.stop();
  }
}
