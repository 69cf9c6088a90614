import { z } from 'zod';
import { Market } from '../../market/market';
import { usdNumber } from '../../market/money';
import type { ProductPlan, Tide } from '../../market/product-plan';
import { json, type Reply, text } from '../answer';
import { isEmulatorKey, presentedKey } from '../api-key';
import type { CloudOptions, CloudRequest, EmulatedCloud, RowShape } from '../emulated-cloud';
import { listedLot } from '../listed-lot';
import { RentalDesk } from '../rental.desk';
import { SlidingWindowLimiter } from '../sliding-window.limiter';
import { LINODE_PLANS, LINODE_REGIONS, LINODE_UNPRICED, type LinodePlan } from './linode.reference';

const LISTS_PER_MINUTE = 200;
const PAGE_SIZE = 100;
const SMALLEST_PAGE = 25;
const LARGEST_PAGE = 500;
const MACHINES_PER_REGION = 4;

/** The price of these plans has stood for years. */
const LIST_TIDE: Tide = { chance: 0.002, stepBp: 600, rangeBp: 1_500, grain: 10_000 };

const createBody = z.looseObject({
  type: z.string(),
  region: z.string(),
  image: z.string().min(1),
  root_pass: z.string().min(11),
  label: z.string().min(3).max(64).optional(),
});

export const linodeCloud = (options: CloudOptions): EmulatedCloud => new LinodeCloud(options);

class LinodeCloud implements EmulatedCloud {
  readonly slug = 'linode';
  readonly market: Market;
  readonly reference = LINODE_PLANS.map(({ entry }) => entry);
  readonly rows: RowShape = { path: ['data'], id: 'id', numbers: ['gpus', 'memory'] };
  private readonly desk: RentalDesk;
  private readonly lists: SlidingWindowLimiter;

  constructor(private readonly options: CloudOptions) {
    this.market = new Market(LINODE_PLANS.map(productOf), { seed: options.seed });
    this.desk = new RentalDesk(this.market);
    this.lists = new SlidingWindowLimiter(Math.ceil(LISTS_PER_MINUTE * Math.max(1, options.speed)), 60_000);
  }

  answer(request: CloudRequest): Reply {
    const path = request.path.replace(/^\/v4(?:beta)?/, '').replace(/\/+$/, '');
    switch (`${request.method} ${path}`) {
      case 'GET /linode/types':
        return this.page(request, this.types());
      case 'GET /regions/availability':
        return this.page(request, this.availability());
      case 'GET /linode/types/g6-nanode-1':
        return json(NANODE);
      default:
        return this.account(request, path);
    }
  }

  private account(request: CloudRequest, path: string): Reply {
    const key = presentedKey(request);
    if (key === undefined || !isEmulatorKey(key)) return refused(401, 'Invalid Token');
    const [, id] = /^\/linode\/instances\/(\d+)$/.exec(path) ?? [];
    switch (`${request.method} ${id === undefined ? path : '/linode/instances/'}`) {
      case 'GET /profile':
        return json({ username: 'emulator', email: 'emulator@example.invalid' });
      case 'GET /linode/instances':
        return this.page(
          request,
          this.desk.of(key).map(({ id: own, label }) => ({ id: own, label, status: 'running' })),
        );
      case 'POST /linode/instances':
        return this.create(request, key);
      case 'DELETE /linode/instances/':
        return this.desk.end(Number(id), key) ? json({}) : refused(404, 'Not found');
      default:
        return refused(404, 'Not found');
    }
  }

  private page(request: CloudRequest, all: readonly unknown[]): Reply {
    if (!this.lists.accepts(request.client, this.options.now())) return refused(429, 'Too many requests');
    const number = Number(request.query.get('page') ?? '1');
    const size = Number(request.query.get('page_size') ?? PAGE_SIZE);
    if (!Number.isSafeInteger(number) || number < 1) return refused(400, 'page must be a count');
    if (!Number.isSafeInteger(size) || size < SMALLEST_PAGE || size > LARGEST_PAGE) {
      return refused(400, 'page_size must be between 25 and 500');
    }
    const data = all.slice((number - 1) * size, number * size);
    return json({ data, page: number, pages: Math.max(1, Math.ceil(all.length / size)), results: all.length });
  }

  private types(): unknown[] {
    return [NANODE, ...LINODE_PLANS.map((plan) => this.planNode(plan))];
  }

  private planNode(plan: LinodePlan) {
    const [region = ''] = plan.entry.regions;
    return {
      id: plan.id,
      label: plan.label,
      // A month costs at most this, which is 667 hours and not 730.
      price: { hourly: usdNumber(this.market.quote(lotId(plan.id, region))?.price ?? 0), monthly: plan.monthly },
      region_prices: [],
      addons: { backups: { price: { hourly: 0.06 * plan.gpus, monthly: 40 * plan.gpus }, region_prices: [] } },
      memory: plan.memoryMb,
      disk: plan.diskMb,
      transfer: plan.transferGb,
      vcpus: plan.vcpus,
      gpus: plan.gpus,
      network_out: 10_000,
      class: 'gpu',
      successor: null,
    };
  }

  /** Region by region, what is there and what is not: a row with `false` is not a missing row. */
  private availability(): unknown[] {
    return LINODE_REGIONS.flatMap((region) => [
      ...LINODE_PLANS.map(({ id }) => ({ region, plan: id, available: this.isFree(id, region) })),
      ...LINODE_UNPRICED.map(({ plan, regions }) => ({ region, plan, available: regions.includes(region) })),
      { region, plan: 'g7-premium-2', available: true },
    ]);
  }

  private isFree(plan: string, region: string): boolean {
    return (this.market.quote(lotId(plan, region))?.free ?? 0) > 0;
  }

  private create(request: CloudRequest, owner: string): Reply {
    if (request.soldOut) return text('{"errors":[{"reason":"We are out of capacity in this region"}]}', 500);
    const body = createBody.safeParse(request.body);
    if (!body.success) return refused(400, z.prettifyError(body.error));
    const { type, region, label } = body.data;
    const quote = this.market.quote(lotId(type, region));
    if (quote === undefined) return refused(400, 'A valid plan type by that ID was not found in this region');
    const rental = this.desk.rent({ lotId: quote.plan.id, units: 1, owner, label, pricePerHour: quote.price });
    if (rental === undefined) return refused(400, 'This plan is out of stock in this region');
    return json({ id: rental.id, label: label ?? `linode${rental.id}`, type, region, status: 'provisioning' });
  }
}

/** The list is mostly of machines without a GPU, and their prices differ by region. */
const NANODE = {
  id: 'g6-nanode-1',
  label: 'Nanode 1GB',
  price: { hourly: 0.0075, monthly: 5 },
  region_prices: [
    { id: 'id-cgk', hourly: 0.009, monthly: 6 },
    { id: 'br-gru', hourly: 0.0105, monthly: 7 },
  ],
  addons: {
    backups: {
      price: { hourly: 0.003, monthly: 2 },
      region_prices: [
        { id: 'id-cgk', hourly: 0.0036, monthly: 2.4 },
        { id: 'br-gru', hourly: 0.004, monthly: 2.8 },
      ],
    },
  },
  memory: 1_024,
  disk: 25_600,
  transfer: 1_000,
  vcpus: 1,
  gpus: 0,
  network_out: 1_000,
  class: 'nanode',
  successor: null,
};

function productOf({ id, gpus, entry }: LinodePlan): ProductPlan {
  const lots = entry.regions.map((region) =>
    listedLot({ id: lotId(id, region), region, gpuCount: gpus, capacity: MACHINES_PER_REGION }),
  );
  return { entry, tide: LIST_TIDE, lots };
}

function lotId(plan: string, region: string): string {
  return `${plan} ${region}`;
}

function refused(status: number, reason: string): Reply {
  return json({ errors: [{ reason }] }, status);
}
