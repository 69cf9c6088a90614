import { z } from 'zod';
import { Market, type Quote } from '../../market/market';
import { type MicroUsd, usdNumber } from '../../market/money';
import type { ProductPlan, Tide } from '../../market/product-plan';
import { json, type Reply, text } from '../answer';
import { isEmulatorKey } from '../api-key';
import type { CloudOptions, CloudRequest, EmulatedCloud, RowShape } from '../emulated-cloud';
import { listedLot } from '../listed-lot';
import { RentalDesk } from '../rental.desk';
import { SlidingWindowLimiter } from '../sliding-window.limiter';
import {
  HYPERSTACK_CARDS,
  HYPERSTACK_FLAVORS,
  HYPERSTACK_REGIONS,
  type HyperstackCard,
  type HyperstackFlavor,
} from './hyperstack.reference';

const REQUESTS_PER_MINUTE = 500;
/** Cards of one kind in one region. */
const CARDS_PER_REGION = 24;
/** From here on stock is told as a floor. */
const FLOOR = 10;

const LIST_TIDE: Tide = { chance: 0.004, stepBp: 600, rangeBp: 1_500, grain: 10_000 };
const SPOT_TIDE: Tide = { chance: 0.08, stepBp: 800, rangeBp: 2_500, grain: 10_000 };

const machineBody = z.looseObject({
  name: z.string().min(1),
  environment_name: z.string(),
  image_name: z.string().min(1),
  flavor_name: z.string(),
  key_name: z.string().min(1),
  count: z.literal(1),
});

export const hyperstackCloud = (options: CloudOptions): EmulatedCloud => new HyperstackCloud(options);

class HyperstackCloud implements EmulatedCloud {
  readonly slug = 'hyperstack';
  readonly market: Market;
  readonly reference = HYPERSTACK_CARDS.map(({ entry }) => entry);
  readonly rows: RowShape = { path: ['data'], id: 'region_name', numbers: ['flavors'] };
  private readonly desk: RentalDesk;
  private readonly requests: SlidingWindowLimiter;

  constructor(private readonly options: CloudOptions) {
    this.market = new Market(HYPERSTACK_CARDS.map(productOf), { seed: options.seed });
    this.desk = new RentalDesk(this.market);
    this.requests = new SlidingWindowLimiter(Math.ceil(REQUESTS_PER_MINUTE * Math.max(1, options.speed)), 60_000);
  }

  answer(request: CloudRequest): Reply {
    if (!this.requests.accepts(request.client, this.options.now())) return refused(429, 'Too Many Requests');
    const key = request.headers['api_key'];
    if (key === undefined || !isEmulatorKey(key)) return refused(401, 'Unauthorized: invalid API key');
    const path = request.path.replace(/\/+$/, '');
    const [, id] = /^\/core\/virtual-machines\/(\d+)$/.exec(path) ?? [];
    switch (`${request.method} ${id === undefined ? path : '/core/virtual-machines/'}`) {
      case 'GET /core/flavors':
        return ok({ data: this.groups(request.query.get('region')) });
      case 'GET /core/stocks':
        return ok({ stocks: HYPERSTACK_REGIONS.map((region) => this.stockNode(region)) });
      case 'GET /pricebook':
        return json(this.pricebook());
      case 'GET /core/regions':
        return ok({ regions: HYPERSTACK_REGIONS.map((name, index) => ({ id: index + 1, name })) });
      case 'GET /core/environments':
        return ok({ environments: ENVIRONMENTS });
      case 'GET /core/keypairs':
        return ok({
          keypairs: ENVIRONMENTS.map((environment) => ({ id: environment.id, name: 'emulator', environment })),
        });
      case 'POST /core/virtual-machines':
        return this.create(request, key);
      case 'DELETE /core/virtual-machines/':
        return this.desk.end(Number(id), key) ? ok({}) : refused(404, 'Virtual machine not found');
      default:
        return refused(404, 'Not Found');
    }
  }

  /** In groups of one GPU and region; machines without a GPU stand in one whose GPU has no name. */
  private groups(wanted: string | null) {
    const regions = HYPERSTACK_REGIONS.filter((region) => wanted === null || region === wanted);
    return regions.flatMap((region) => [
      ...HYPERSTACK_CARDS.filter(({ entry }) => entry.regions.includes(region)).map(({ gpu }) => ({
        gpu,
        region_name: region,
        flavors: HYPERSTACK_FLAVORS.filter((flavor) => flavor.gpu === gpu && flavor.region === region).map((flavor) =>
          this.flavorNode(flavor),
        ),
      })),
      { gpu: '', region_name: region, flavors: [{ ...CPU_FLAVOR, region_name: region }] },
    ]);
  }

  private flavorNode(flavor: HyperstackFlavor) {
    return {
      id: flavor.id,
      name: flavor.name,
      display_name: null,
      region_name: flavor.region,
      cpu: flavor.cpu,
      ram: flavor.ram,
      disk: flavor.disk,
      ephemeral: flavor.ephemeral,
      gpu: flavor.gpu,
      gpu_count: flavor.gpus,
      stock_available: this.quote(flavor.gpu, flavor.region).free >= flavor.gpus,
      created_at: '2024-01-01T00:00:00',
      labels: [],
      features: {},
    };
  }

  private stockNode(region: string) {
    const cards = HYPERSTACK_CARDS.filter(({ entry }) => entry.regions.includes(region));
    return { region, 'stock-type': 'GPU', models: cards.map((card) => this.modelNode(card, region)) };
  }

  private modelNode({ gpu, entry }: HyperstackCard, region: string) {
    const { free } = this.quote(gpu, region);
    return {
      model: gpu,
      available: free >= FLOOR ? `${FLOOR}+` : String(free),
      planned_7_days: '0',
      planned_30_days: '16',
      planned_100_days: null,
      configurations: Object.fromEntries(entry.gpuCounts.map((gpus) => [`${gpus}x`, Math.floor(free / gpus)])),
    };
  }

  /** Everything that costs something, per unit and hour; values are decimal strings. */
  private pricebook() {
    const cards = HYPERSTACK_CARDS.map(({ gpu, entry }) => ({
      name: gpu,
      value: fixed(this.quote(gpu, entry.regions[0] ?? '').price),
    }));
    const others = [
      { name: 'cpu', value: '0.0100000' },
      { name: 'public-ip', value: '0.0067200' },
      { name: 'Cloud-SSD', value: '0.0000970' },
    ];
    return [...cards, ...others].map(({ name, value }, index) => ({
      id: index + 1,
      name,
      value,
      original_value: value,
      discount_applied: false,
      start_time: null,
      end_time: null,
    }));
  }

  private create(request: CloudRequest, owner: string): Reply {
    if (request.soldOut) return text('{"status":false,"message":"Out of stock: no capacity for this flavor"}', 500);
    const body = machineBody.safeParse(request.body);
    if (!body.success) return refused(400, z.prettifyError(body.error));
    const environment = ENVIRONMENTS.find(({ name }) => name === body.data.environment_name);
    if (environment === undefined) return refused(404, 'Environment not found');
    const flavor = HYPERSTACK_FLAVORS.find(
      ({ name, region }) => name === body.data.flavor_name && region === environment.region,
    );
    if (flavor === undefined) return refused(404, 'Flavor does not exist in the region of the environment');
    const { plan, price } = this.quote(flavor.gpu, flavor.region);
    const rental = this.desk.rent({
      lotId: plan.id,
      units: flavor.gpus,
      owner,
      label: body.data.name,
      pricePerHour: price * flavor.gpus,
    });
    if (rental === undefined) return refused(409, 'Not enough resources available: insufficient capacity');
    return ok({
      instances: [{ id: rental.id, name: rental.label, status: 'CREATING', flavor: { name: flavor.name } }],
    });
  }

  private quote(gpu: string, region: string): Quote {
    const quote = this.market.quote(lotId(gpu, region));
    if (quote === undefined) throw new Error(`${gpu} in ${region} is in no market`);
    return quote;
  }
}

const ENVIRONMENTS = HYPERSTACK_REGIONS.map((region, index) => ({
  id: index + 1,
  name: `emulator-${region.toLowerCase()}`,
  region,
}));

const CPU_FLAVOR = {
  id: 3_287,
  name: 'n1-cpu-small',
  display_name: null,
  cpu: 4,
  ram: 4,
  disk: 100,
  ephemeral: 0,
  gpu: '',
  gpu_count: 0,
  stock_available: true,
  created_at: '2026-05-06T16:04:09',
  labels: [],
  features: {},
};

function productOf({ gpu, entry }: HyperstackCard): ProductPlan {
  return {
    entry,
    tide: entry.pricing === 'spot' ? SPOT_TIDE : LIST_TIDE,
    lots: entry.regions.map((region) =>
      listedLot({ id: lotId(gpu, region), region, gpuCount: 1, capacity: CARDS_PER_REGION }),
    ),
  };
}

function lotId(gpu: string, region: string): string {
  return `${gpu} ${region}`;
}

function fixed(price: MicroUsd): string {
  return usdNumber(price).toFixed(7);
}

function ok(members: object): Reply {
  return json({ status: true, message: 'ok', ...members });
}

function refused(status: number, message: string): Reply {
  return json({ status: false, message }, status);
}
