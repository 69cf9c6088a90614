import { z } from 'zod';
import { Market } from '../../market/market';
import type { ProductPlan, Tide } from '../../market/product-plan';
import { type Rental, RentalLedger } from '../../market/rental-ledger';
import { json, type Reply, text } from '../answer';
import { isEmulatorKey, presentedKey } from '../api-key';
import type { CloudOptions, CloudRequest, EmulatedCloud, RowShape } from '../emulated-cloud';
import { SlidingWindowLimiter } from '../sliding-window.limiter';
import { cloudPlans, isMetal, lotId, metalPlans, type PlanNode, priceIn } from './plan-node';
import { VULTR_PLANS, type VultrPlan } from './vultr.reference';

/** Vultr writes thousandths of a dollar. */
const LIST_TIDE: Tide = { chance: 0.002, stepBp: 800, rangeBp: 2_000, grain: 1_000 };
const SPOT_TIDE: Tide = { chance: 0.08, stepBp: 800, rangeBp: 2_500, grain: 1_000 };
const MACHINES_PER_REGION = 2;

/** Published. */
const REQUESTS_PER_SECOND = 30;
const PER_PAGE = { default: 100, most: 500 };

const machineInput = z.looseObject({
  region: z.string(),
  plan: z.string(),
  os_id: z.number().int().optional(),
  image_id: z.string().optional(),
  label: z.string().nullish(),
  sshkey_id: z.array(z.string()).nullish(),
});

export const vultrCloud = (options: CloudOptions): EmulatedCloud => new VultrCloud(options);

class VultrCloud implements EmulatedCloud {
  readonly slug = 'vultr';
  readonly market: Market;
  readonly reference = VULTR_PLANS.flatMap(({ onDemand, spot }) => (spot === null ? [onDemand] : [onDemand, spot]));
  readonly rows: RowShape = { path: ['plans'], id: 'id', numbers: ['hourly_cost', 'ram'] };
  private readonly rentals = new RentalLedger();
  private readonly requests: SlidingWindowLimiter;

  constructor(private readonly options: CloudOptions) {
    this.market = new Market(VULTR_PLANS.flatMap(productsOf), { seed: options.seed });
    this.requests = new SlidingWindowLimiter(REQUESTS_PER_SECOND * Math.max(1, options.speed), 1_000);
  }

  answer(request: CloudRequest): Reply {
    if (!this.requests.accepts(request.client, this.options.now())) return failure(429, 'Too many requests.');
    const path = request.path.replace(/\/+$/, '');
    const key = presentedKey(request);
    if (key !== undefined && !isEmulatorKey(key)) return failure(401, 'Invalid API token.');
    const region = /^\/regions\/([a-z]+)\/availability$/.exec(path)?.[1];
    if (request.method === 'GET' && region !== undefined) return this.availability(region);
    switch (`${request.method} ${path}`) {
      case 'GET /plans':
        return page(request, 'plans', this.plansOf(request.query.get('type') ?? 'all'));
      case 'GET /plans-metal':
        return page(request, 'plans_metal', metalPlans(this.market));
      default:
        return key === undefined ? failure(401, 'Invalid API token.') : this.account(request, path, key);
    }
  }

  private account(request: CloudRequest, path: string, key: string): Reply {
    const [, kind, id] = /^\/(instances|bare-metals)(?:\/([0-9a-f-]+))?$/.exec(path) ?? [];
    if (kind !== undefined) {
      const metal = kind === 'bare-metals';
      if (request.method === 'POST' && id === undefined) return this.create(request, metal, key);
      if (request.method === 'DELETE' && id !== undefined) return this.destroy(id, metal, key);
    }
    switch (`${request.method} ${path}`) {
      case 'GET /account':
        return json({ account: { name: 'Emulator', email: 'emulator@example.invalid', balance: -25, acls: [] } });
      case 'GET /ssh-keys':
        return json({
          ssh_keys: [{ id: uuidOf(1), name: 'emulator', ssh_key: 'ssh-ed25519 emulator' }],
          meta: lastPage(1),
        });
      default:
        return failure(404, 'Not found.');
    }
  }

  private plansOf(type: string): PlanNode[] {
    const plans = cloudPlans(this.market);
    return type === 'all' ? plans : plans.filter((plan) => plan['type'] === type);
  }

  /** Which plans can be had in the region now, of all sorts. */
  private availability(region: string): Reply {
    const inStock = VULTR_PLANS.filter(({ id }) => (this.market.quote(lotId(id, 'on_demand', region))?.free ?? 0) > 0);
    return json({
      available_plans: ['vc2-2c-4gb', 'vcg-a16-2c-8g-2vram', 'vbm-4c-32gb', ...inStock.map(({ id }) => id)],
    });
  }

  private create(request: CloudRequest, metal: boolean, owner: string): Reply {
    if (request.soldOut) return text('server create: out of stock', 500);
    const input = machineInput.safeParse(request.body);
    if (!input.success) return failure(400, 'Bad request.');
    const { plan, region, label } = input.data;
    const lot = lotId(plan, 'on_demand', region);
    const price = priceIn(this.market, plan, 'on_demand', region);
    if (price === null || isMetal(plan) !== metal) return failure(400, 'Invalid plan chosen.');
    if (!this.market.take(lot, 1)) return failure(400, 'Plan is out of stock in the selected region.');
    const rental = this.rentals.open({ lotId: lot, units: 1, owner, pricePerHour: price, label: label ?? null });
    return json({ [metal ? 'bare_metal' : 'instance']: machineNode(rental) }, 202);
  }

  private destroy(id: string, metal: boolean, owner: string): Reply {
    const rental = this.rentals.of(owner).find((one) => uuidOf(one.id) === id && isMetal(one.lotId) === metal);
    if (rental === undefined) return failure(404, 'Invalid instance ID.');
    this.rentals.close(rental.id, owner);
    this.market.giveBack(rental.lotId, rental.units);
    return text('', 204);
  }
}

/** The cursor is opaque to callers; here it holds the number of the next row. */
function page(request: CloudRequest, member: string, rows: readonly PlanNode[]): Reply {
  const asked = Number(request.query.get('per_page') ?? PER_PAGE.default);
  const cursor = request.query.get('cursor') ?? '';
  const start = cursor === '' ? 0 : Number(/^next__(\d+)$/.exec(Buffer.from(cursor, 'base64').toString('utf8'))?.[1]);
  if (!Number.isSafeInteger(asked) || asked < 1 || !Number.isSafeInteger(start)) return failure(400, 'Invalid cursor.');
  const end = start + Math.min(asked, PER_PAGE.most);
  const next = end < rows.length ? Buffer.from(`next__${end}`).toString('base64') : '';
  return json({ [member]: rows.slice(start, end), meta: { total: rows.length, links: { next, prev: '' } } });
}

function lastPage(total: number) {
  return { total, links: { next: '', prev: '' } };
}

function productsOf(plan: VultrPlan): ProductPlan[] {
  return [plan.onDemand, plan.spot].flatMap((entry) => {
    if (entry === null) return [];
    const isSpot = entry.pricing === 'spot';
    const lots = plan.regions.map((region) => ({
      id: lotId(plan.id, isSpot ? 'spot' : 'on_demand', region),
      region,
      gpuCount: plan.cards,
      spreadBp: 10_000,
      ownMoves: 0,
      // Spot takes its machines from the on-demand stock, so only that moves.
      stockMoves: isSpot ? 0 : 0.3,
      capacity: MACHINES_PER_REGION,
    }));
    return [{ entry, tide: isSpot ? SPOT_TIDE : LIST_TIDE, lots }];
  });
}

function machineNode({ id, lotId: lot, label }: Rental) {
  const [plan = '', , region = ''] = lot.split(' ');
  return { id: uuidOf(id), plan, region, label: label ?? '', status: 'pending', main_ip: '0.0.0.0' };
}

function uuidOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

function failure(status: number, error: string): Reply {
  return json({ error, status }, status);
}
