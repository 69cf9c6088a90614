import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { OfferState } from '@gpubroker/contracts/events';

/** Answers the list of providers from given offers, page by page. */
export class Catalogue {
  offers: readonly OfferState[] = [];
  /** Clouds whose offers are stale. */
  stale: ReadonlySet<string> = new Set();
  private readonly server: Server = createServer((request, reply) => {
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

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
