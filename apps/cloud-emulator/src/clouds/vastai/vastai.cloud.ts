import { z } from 'zod';
import { Market, type Quote } from '../../market/market';
import { microUsd, type MicroUsd, usdNumber } from '../../market/money';
import { type Rental, RentalLedger } from '../../market/rental-ledger';
import { json, type Reply, text } from '../answer';
import { isEmulatorKey, presentedKey } from '../api-key';
import type { CloudOptions, CloudRequest, EmulatedCloud, RowShape } from '../emulated-cloud';
import { SlidingWindowLimiter } from '../sliding-window.limiter';
import { readSearchQuery, search, SearchQueryError, type SearchType } from './search-query';
import { type VastRow, vastRow } from './vastai-row';
import { VAST_HOSTS, vastProducts, type VastHost } from './vastai.hosts';

const SEARCHES_PER_MINUTE = 10;
const FIRST_OFFER_ID = 30_000_000;
/** Room for the generations of one host: a returning host has a new, higher offer id. */
const IDS_PER_HOST = 100_000;

const ACCOUNT = { id: 100_001, email: 'emulator@example.invalid', username: 'emulator', balance: 0, credit: 25 };

const rentBody = z.looseObject({
  image: z.string().min(1),
  disk: z.number().min(0).optional(),
  label: z.string().nullish(),
  /** A bid in USD per hour for the whole machine. */
  price: z.number().min(0.001).max(128).optional(),
});

export const vastaiCloud = (options: CloudOptions): EmulatedCloud => new VastaiCloud(options);

class VastaiCloud implements EmulatedCloud {
  readonly slug = 'vastai';
  readonly market: Market;
  readonly reference;
  readonly rows: RowShape = { path: ['offers'], id: 'id', numbers: ['dph_base', 'num_gpus', 'gpu_ram'] };
  private readonly rentals = new RentalLedger();
  private readonly searches: SlidingWindowLimiter;

  constructor(private readonly options: CloudOptions) {
    const products = vastProducts();
    this.reference = products.map(({ entry }) => entry);
    this.market = new Market(products, { seed: options.seed, pulseEvery: 3 });
    this.searches = new SlidingWindowLimiter(Math.ceil(SEARCHES_PER_MINUTE * Math.max(1, options.speed)), 60_000);
  }

  answer(request: CloudRequest): Reply {
    const path = request.path.replace(/\/+$/, '');
    if (path === '/api/v0/bundles') return this.bundles(request);
    const key = presentedKey(request);
    if (key === undefined || !isEmulatorKey(key)) return refused(401, 'auth_error', 'Invalid user key');
    return this.account(request, path, key);
  }

  private account(request: CloudRequest, path: string, key: string): Reply {
    const [, resource, id] = /^\/api\/v0\/(asks|instances|users)(?:\/([a-z0-9]+))?$/.exec(path) ?? [];
    switch (`${request.method} ${resource ?? ''}`) {
      case 'GET users':
        return id === 'current' ? json(ACCOUNT) : notFound();
      case 'PUT asks':
        return this.rent(request, Number(id), key);
      case 'GET instances':
        return this.instances(id, key);
      case 'DELETE instances':
        return this.destroy(Number(id), key);
      default:
        return notFound();
    }
  }

  private bundles(request: CloudRequest): Reply {
    if (!this.searches.accepts(request.client, this.options.now()))
      return text('API requests too frequent endpoint threshold=6.0', 429);
    const key = presentedKey(request);
    if (key !== undefined && !isEmulatorKey(key)) return refused(404, 'auth_error', 'Invalid user key');
    try {
      const query = readSearchQuery(searchBody(request));
      return json({ offers: search(this.offers(query.type, query.allocatedStorage), query) });
    } catch (error) {
      if (error instanceof SearchQueryError) return refused(400, 'invalid_args', error.message);
      throw error;
    }
  }

  private offers(type: SearchType, allocatedStorage: number): VastRow[] {
    return VAST_HOSTS.filter(({ reservable }) => type !== 'reserved' || reservable).map((host) => {
      const { ask, bid } = this.quotesOf(host);
      const minBid = bid.price * host.gpuCount;
      const base = type === 'bid' ? minBid : ask.price * host.gpuCount;
      const now = this.options.now();
      return vastRow({ host, id: offerId(host, ask), base, minBid, free: ask.free > 0, allocatedStorage, now });
    });
  }

  private rent(request: CloudRequest, id: number, key: string): Reply {
    if (request.soldOut) return text('Internal error: no capacity left on this machine', 500);
    const body = rentBody.safeParse(request.body);
    if (!body.success) return refused(400, 'invalid_args', z.prettifyError(body.error));
    const host = VAST_HOSTS[Math.floor((id - FIRST_OFFER_ID) / IDS_PER_HOST)];
    if (host === undefined) return noSuchAsk(id);
    const { ask, bid } = this.quotesOf(host);
    if (offerId(host, ask) !== id || ask.free === 0) return noSuchAsk(id);
    const { price, label } = body.data;
    const offered = price === undefined ? ask.price * host.gpuCount : microUsd(price.toFixed(6));
    if (price !== undefined && offered < bid.price * host.gpuCount)
      return refused(400, 'invalid_args', 'bid price is below the minimum bid');
    return this.opened(host, key, offered, label ?? null, id);
  }

  private opened(host: VastHost, owner: string, pricePerHour: MicroUsd, label: string | null, id: number): Reply {
    if (!this.market.take(host.lotId, 1)) return noSuchAsk(id);
    const rental = this.rentals.open({ lotId: host.lotId, units: 1, owner, pricePerHour, label });
    return json({ success: true, new_contract: rental.id });
  }

  private instances(id: string | undefined, key: string): Reply {
    const rows = this.rentals.of(key).map(instanceRow);
    if (id === undefined) return json({ instances: rows });
    const row = rows.find((one) => one.id === Number(id));
    return row === undefined ? noSuchInstance(id) : json({ instances: row });
  }

  private destroy(id: number, key: string): Reply {
    const rental = this.rentals.close(id, key);
    if (rental === undefined) return noSuchInstance(String(id));
    this.market.giveBack(rental.lotId, rental.units);
    return json({ success: true });
  }

  private quotesOf(host: VastHost): { ask: Quote; bid: Quote } {
    const ask = this.market.quote(host.lotId);
    const bid = this.market.quote(host.bidLotId);
    if (ask === undefined || bid === undefined) throw new Error(`${host.lotId} is in no market`);
    return { ask, bid };
  }
}

function offerId(host: VastHost, ask: Quote): number {
  return FIRST_OFFER_ID + host.index * IDS_PER_HOST + ask.generation;
}

/** POST carries the search as its body, GET as JSON in `q`. */
function searchBody(request: CloudRequest): unknown {
  if (request.method === 'POST') return request.body;
  if (request.method !== 'GET') throw new SearchQueryError(`method ${request.method} is not for searching`);
  const query = request.query.get('q');
  if (query === null) return {};
  try {
    return JSON.parse(query);
  } catch {
    throw new SearchQueryError('q is not JSON');
  }
}

function instanceRow(rental: Rental) {
  const host = VAST_HOSTS.find(({ lotId }) => lotId === rental.lotId);
  return {
    id: rental.id,
    label: rental.label,
    actual_status: 'running',
    cur_state: 'running',
    intended_status: 'running',
    gpu_name: host?.card.name ?? null,
    num_gpus: host?.gpuCount ?? null,
    dph_total: usdNumber(rental.pricePerHour),
  };
}

function refused(status: number, error: string, msg: string): Reply {
  return json({ success: false, error, msg }, status);
}

function notFound(): Reply {
  return refused(404, 'not_found', 'no such endpoint');
}

function noSuchAsk(id: number): Reply {
  return refused(410, 'no_such_ask', `Instance type by id ${id} is not available.`);
}

function noSuchInstance(id: string): Reply {
  return refused(404, 'no_such_instance', `Instance ${id} does not exist.`);
}
