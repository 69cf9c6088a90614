import { z } from 'zod';
import { Market } from '../../market/market';
import { usdNumber } from '../../market/money';
import type { ProductPlan, Tide } from '../../market/product-plan';
import { type Rental, RentalLedger } from '../../market/rental-ledger';
import { json, type Reply, text } from '../answer';
import { isEmulatorKey, presentedKey } from '../api-key';
import type { CloudOptions, CloudRequest, EmulatedCloud, RowShape } from '../emulated-cloud';
import { SlidingWindowLimiter } from '../sliding-window.limiter';
import { DIGITALOCEAN_SIZES, type DigitaloceanSize } from './digitalocean.reference';

const LIST_TIDE: Tide = { chance: 0.002, stepBp: 800, rangeBp: 2_000, grain: 10_000 };
const SPOT_TIDE: Tide = { chance: 0.1, stepBp: 1_000, rangeBp: 3_000, grain: 10_000 };
const DROPLETS_PER_REGION = 2;

/** Published, beside 5,000 an hour. */
const REQUESTS_PER_MINUTE = 250;
const PER_PAGE = { default: 20, most: 200 };
/** DigitalOcean's month, whatever month it is. */
const HOURS_PER_MONTH = 744;

const dropletInput = z.object({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.-]*$/),
  region: z.string(),
  size: z.string(),
  image: z.union([z.string(), z.number()]),
  ssh_keys: z.array(z.union([z.string(), z.number()])).nullish(),
  tags: z.array(z.string()).nullish(),
});

export const digitaloceanCloud = (options: CloudOptions): EmulatedCloud => new DigitaloceanCloud(options);

class DigitaloceanCloud implements EmulatedCloud {
  readonly slug = 'digitalocean';
  readonly market: Market;
  readonly reference = DIGITALOCEAN_SIZES.map(({ entry }) => entry);
  readonly rows: RowShape = { path: ['sizes'], id: 'slug', numbers: ['price_hourly', 'memory'] };
  private readonly rentals = new RentalLedger();
  private readonly requests: SlidingWindowLimiter;

  constructor(private readonly options: CloudOptions) {
    this.market = new Market(DIGITALOCEAN_SIZES.map(productOf), { seed: options.seed });
    this.requests = new SlidingWindowLimiter(REQUESTS_PER_MINUTE * Math.max(1, options.speed), 60_000);
  }

  answer(request: CloudRequest): Reply {
    const key = presentedKey(request);
    if (key === undefined || !isEmulatorKey(key)) return failure(401, 'Unauthorized', 'Unable to authenticate you');
    if (!this.requests.accepts(key, this.options.now())) {
      return failure(429, 'too_many_requests', 'API Rate limit exceeded.');
    }
    const path = request.path.replace(/\/+$/, '');
    switch (`${request.method} ${path}`) {
      case 'GET /v2/sizes':
        return this.page(request);
      case 'GET /v2/account':
        return json({ account: { status: 'active', droplet_limit: 25, email: 'emulator@example.invalid' } });
      case 'GET /v2/account/keys':
        return json({
          ssh_keys: [{ id: 512_190, name: 'emulator', public_key: 'ssh-ed25519 emulator' }],
          links: {},
          meta: { total: 1 },
        });
      case 'GET /v2/droplets':
        return json({
          droplets: this.rentals.of(key).map(dropletNode),
          links: {},
          meta: { total: this.rentals.of(key).length },
        });
      case 'POST /v2/droplets':
        return this.create(request, key);
      default:
        return request.method === 'DELETE' ? this.destroy(path, key) : notFound();
    }
  }

  private page(request: CloudRequest): Reply {
    const asked = Number(request.query.get('per_page') ?? PER_PAGE.default);
    const page = Number(request.query.get('page') ?? 1);
    if (!Number.isSafeInteger(asked) || asked < 1 || !Number.isSafeInteger(page) || page < 1) {
      return failure(400, 'bad_request', 'page and per_page are counts from 1');
    }
    const perPage = Math.min(asked, PER_PAGE.most);
    const sizes = [...CPU_SIZES, ...DIGITALOCEAN_SIZES.map((size) => this.sizeNode(size))];
    const last = Math.max(1, Math.ceil(sizes.length / perPage));
    const link = (to: number) => `${request.baseUrl}/v2/sizes?page=${to}&per_page=${perPage}`;
    const pages = page < last ? { next: link(page + 1), last: link(last) } : null;
    return json({
      sizes: sizes.slice((page - 1) * perPage, page * perPage),
      links: pages === null ? {} : { pages },
      meta: { total: sizes.length },
    });
  }

  /** A size that no region has stays on the list as available, with no regions. */
  private sizeNode(size: DigitaloceanSize) {
    const quotes = size.entry.regions.flatMap((region) => this.market.quote(lotId(size.slug, region)) ?? []);
    const hourly = usdNumber(quotes[0]?.price ?? 0);
    return {
      slug: size.slug,
      memory: size.memoryMib,
      vcpus: size.vcpus,
      disk: size.diskGib,
      transfer: size.transferTb,
      price_monthly: Number((hourly * HOURS_PER_MONTH).toFixed(2)),
      price_hourly: hourly,
      regions: quotes.filter(({ free }) => free > 0).map(({ plan }) => plan.region),
      available: true,
      description: size.description,
      networking_throughput: 10_000,
      gpu_info: { count: size.gpus, vram: { amount: size.vramGib, unit: 'gib' }, model: size.model },
      disk_info: [
        { type: 'local', size: { amount: size.diskGib, unit: 'gib' } },
        ...(size.scratchGib > 0 ? [{ type: 'scratch', size: { amount: size.scratchGib, unit: 'gib' } }] : []),
      ],
    };
  }

  private create(request: CloudRequest, owner: string): Reply {
    if (request.soldOut) return text('droplet create: no capacity for this size', 500);
    const input = dropletInput.safeParse(request.body);
    if (!input.success) return unprocessable('Only valid hostname characters and known members are allowed.');
    const { size, region, name } = input.data;
    const quote = this.market.quote(lotId(size, region));
    if (quote === undefined || !this.market.take(quote.plan.id, 1)) {
      return unprocessable('Size is not available in this region.');
    }
    const rental = this.rentals.open({ lotId: quote.plan.id, units: 1, owner, pricePerHour: quote.price, label: name });
    return json({ droplet: dropletNode(rental), links: { actions: [] } }, 202);
  }

  private destroy(path: string, owner: string): Reply {
    const id = /^\/v2\/droplets\/(\d+)$/.exec(path)?.[1];
    const rental = id === undefined ? undefined : this.rentals.close(Number(id), owner);
    if (rental === undefined) return notFound();
    this.market.giveBack(rental.lotId, rental.units);
    return text('', 204);
  }
}

/** Sizes without a GPU have no gpu_info at all. */
const CPU_SIZES = (
  [
    ['s-1vcpu-512mb-10gb', 512, 1, 10, 0.5, 4, 0.00595],
    ['s-1vcpu-1gb', 1_024, 1, 25, 1, 5, 0.00744],
  ] as const
).map(([slug, memory, vcpus, disk, transfer, monthly, hourly]) => ({
  slug,
  memory,
  vcpus,
  disk,
  transfer,
  price_monthly: monthly,
  price_hourly: hourly,
  regions: ['ams3', 'fra1', 'nyc1', 'sfo3', 'sgp1'],
  available: true,
  description: 'Basic',
  networking_throughput: 2_000,
  disk_info: [{ type: 'local', size: { amount: disk, unit: 'gib' } }],
}));

function productOf({ slug, gpus, entry }: DigitaloceanSize): ProductPlan {
  return {
    entry,
    tide: entry.pricing === 'spot' ? SPOT_TIDE : LIST_TIDE,
    lots: entry.regions.map((region) => ({
      id: lotId(slug, region),
      region,
      gpuCount: gpus,
      spreadBp: 10_000,
      ownMoves: 0,
      stockMoves: 0.4,
      capacity: DROPLETS_PER_REGION,
    })),
  };
}

function lotId(slug: string, region: string): string {
  return `${slug} ${region}`;
}

function dropletNode({ id, lotId: lot, label, pricePerHour }: Rental) {
  const [size = '', region = ''] = lot.split(' ');
  return {
    id,
    name: label,
    status: 'new',
    size_slug: size,
    size: { slug: size, price_hourly: usdNumber(pricePerHour) },
    region: { slug: region },
  };
}

function failure(status: number, id: string, message: string): Reply {
  return json({ id, message }, status);
}

function notFound(): Reply {
  return failure(404, 'not_found', 'The resource you were accessing could not be found.');
}

function unprocessable(message: string): Reply {
  return failure(422, 'unprocessable_entity', message);
}
