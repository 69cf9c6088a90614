import { z } from 'zod';
import { Market, type Quote } from '../../market/market';
import { type MicroUsd, usdNumber } from '../../market/money';
import type { ProductPlan, Tide } from '../../market/product-plan';
import { json, type Reply, text } from '../answer';
import { isEmulatorKey } from '../api-key';
import type { CloudOptions, CloudRequest, EmulatedCloud, RowShape } from '../emulated-cloud';
import { listedLot } from '../listed-lot';
import { numberOfUuid, RentalDesk, uuidOf } from '../rental.desk';
import { SCALEWAY_TYPES, SCALEWAY_ZONES, type ScalewayType } from './scaleway.reference';

const GIB = 1_073_741_824;
const MACHINES_PER_ZONE = 6;
const CATALOG_PAGE = 20;
const TYPES_PAGE = 50;
const LARGEST_PAGE = 100;
const MICROS_PER_UNIT = 1_000_000;

/** Micro-euro; a whole step per minute and hour, so that both ways to write a price say the same. */
const LIST_TIDE: Tide = { chance: 0.002, stepBp: 500, rangeBp: 1_000, grain: 300 };

const createBody = z.looseObject({
  name: z.string().min(1),
  commercial_type: z.string(),
  image: z.uuid(),
  project: z.string(),
});
const actionBody = z.object({ action: z.enum(['poweron', 'poweroff', 'terminate']) });

export const scalewayCloud = (options: CloudOptions): EmulatedCloud => new ScalewayCloud(options);

class ScalewayCloud implements EmulatedCloud {
  readonly slug = 'scaleway';
  readonly market: Market;
  readonly reference = SCALEWAY_TYPES.map(({ entry }) => entry);
  readonly rows: RowShape = { path: ['products'], id: 'product', numbers: ['unit_of_measure'] };
  private readonly desk: RentalDesk;
  /** A machine is made standing still, and started by an action. */
  private readonly running = new Set<number>();

  constructor({ seed }: CloudOptions) {
    this.market = new Market(SCALEWAY_TYPES.map(productOf), { seed });
    this.desk = new RentalDesk(this.market);
  }

  answer(request: CloudRequest): Reply {
    const path = request.path.replace(/\/+$/, '');
    if (path === '/product-catalog/v2alpha1/public-catalog/products') return this.catalog(request.query);
    if (path === '/marketplace/v2/local-images') return this.localImages(request.query);
    const key = request.headers['x-auth-token'];
    if (key === undefined || !isEmulatorKey(key)) return refused(401, 'denied_authentication', 'invalid secret key');
    const [, zone = '', rest = ''] = /^\/instance\/v1\/zones\/([\w-]+)(\/.*)$/.exec(path) ?? [];
    if (!(SCALEWAY_ZONES as readonly string[]).includes(zone)) return refused(404, 'not_found', 'unknown zone');
    return this.instances(request, zone, rest, key);
  }

  private instances(request: CloudRequest, zone: string, path: string, key: string): Reply {
    const [, id, action] = /^\/servers\/([\w-]+)(\/action)?$/.exec(path) ?? [];
    switch (`${request.method} ${id === undefined ? path : `/servers/${action ?? ''}`}`) {
      case 'GET /products/servers':
        return this.types(request.query, (type) => this.typeNode(type, zone));
      case 'GET /products/servers/availability':
        return this.types(request.query, (type) => ({ availability: this.stockWord(type, zone) }));
      case 'GET /servers':
        return json({ servers: this.desk.of(key).map((rental) => ({ id: uuidOf(rental.id), name: rental.label })) });
      case 'POST /servers':
        return this.create(request, zone, key);
      case 'POST /servers//action':
        return this.act(request, id ?? '', key);
      case 'DELETE /servers/':
        return this.remove(id ?? '', key);
      default:
        return refused(404, 'not_found', 'resource is not found');
    }
  }

  /** Public, and of all zones. */
  private catalog(query: URLSearchParams): Reply {
    const all = [
      ...SCALEWAY_TYPES.flatMap((type) => type.zones.map((zone) => this.productNode(type, zone))),
      ...SCALEWAY_ZONES.map(cpuProduct),
    ];
    const { page, size } = pageOf(query, 'page_size', CATALOG_PAGE);
    return json({ products: all.slice((page - 1) * size, page * size), total_count: all.length });
  }

  private productNode(type: ScalewayType, zone: string) {
    const perUnit = this.quote(type, zone).price / (type.unit === 'minute' ? 60 : 1);
    const sku = `/compute/${type.name.toLowerCase().replaceAll('-', '_')}/run_${zone.replaceAll('-', '_')}`;
    return {
      sku,
      service_category: 'Compute',
      product_category: 'Instance',
      product: type.name,
      variant: `${type.name} - ${zone}`,
      locality: { zone },
      price: { retail_price: { currency_code: 'EUR', ...unitsAndNanos(perUnit) } },
      properties: {
        hardware: {
          cpu: { type: type.cpu, virtual: { count: type.vcpus }, threads: type.vcpus },
          ram: { description: `${type.ramGib} GiB`, size: type.ramGib * GIB },
          gpu: { description: `${type.gpus} x ${type.gpu}`, count: type.gpus, type: type.gpu },
        },
        instance: { range: 'GPU', offer_id: type.name, recommended_replacement_offer_ids: [] },
      },
      unit_of_measure: { unit: type.unit, size: 1 },
      status: 'general_availability',
      badges: [],
    };
  }

  /** Objects keyed by name, in pages; machines without a GPU stand between the others. */
  private types(query: URLSearchParams, nodeOf: (type: ScalewayType) => unknown): Reply {
    const all = [...SCALEWAY_TYPES.map((type) => [type.name, nodeOf(type)]), ['PRO2-L', CPU_TYPE]];
    const { page, size } = pageOf(query, 'per_page', TYPES_PAGE);
    return json({ servers: Object.fromEntries(all.slice((page - 1) * size, page * size)) as unknown });
  }

  private typeNode(type: ScalewayType, zone: string) {
    const hourly = usdNumber(this.quote(type, zone).price);
    return {
      ...CPU_TYPE,
      ncpus: type.vcpus,
      ram: type.ramGib * GIB,
      gpu: type.gpus,
      gpu_info: { gpu_manufacturer: 'NVIDIA', gpu_name: type.gpu, gpu_memory: type.gpuGib * GIB },
      monthly_price: Math.round(hourly * 730 * 1_000) / 1_000,
      hourly_price: hourly,
    };
  }

  private stockWord(type: ScalewayType, zone: string): string {
    const { free, plan } = this.quote(type, zone);
    if (free === 0) return 'shortage';
    return free / plan.capacity > 0.34 ? 'available' : 'scarce';
  }

  private localImages(query: URLSearchParams): Reply {
    const label = query.get('image_label') ?? '';
    const known = label === 'ubuntu_jammy_gpu_os_12';
    return json({
      local_images: known ? [{ id: uuidOf(5), label, zone: query.get('zone') }] : [],
      total_count: known ? 1 : 0,
    });
  }

  private create(request: CloudRequest, zone: string, owner: string): Reply {
    if (request.soldOut) return text('{"type":"out_of_stock","message":"resource is out of stock"}', 500);
    const body = createBody.safeParse(request.body);
    if (!body.success) return refused(400, 'invalid_arguments', z.prettifyError(body.error));
    const type = SCALEWAY_TYPES.find(({ name }) => name === body.data.commercial_type);
    if (type === undefined) return refused(400, 'invalid_arguments', 'unknown commercial_type');
    const { plan, price: pricePerHour } = this.quote(type, zone);
    const rental = this.desk.rent({ lotId: plan.id, units: 1, owner, label: body.data.name, pricePerHour });
    if (rental === undefined) return refused(503, 'out_of_stock', 'resource is out of stock');
    const { id, label: name } = rental;
    return json({ server: { id: uuidOf(id), name, commercial_type: type.name, state: 'stopped', zone } }, 201);
  }

  private act(request: CloudRequest, id: string, owner: string): Reply {
    const body = actionBody.safeParse(request.body);
    const rental = this.desk.find(numberOfUuid(id), owner);
    if (rental === undefined) return refused(404, 'not_found', 'resource is not found');
    if (!body.success) return refused(400, 'invalid_arguments', 'unknown action');
    if (body.data.action === 'poweron') this.running.add(rental.id);
    else if (!this.running.delete(rental.id)) return refused(400, 'invalid_request', 'server should be running');
    if (body.data.action === 'terminate') this.desk.end(rental.id, owner);
    return json({ task: { id: uuidOf(rental.id), description: `server_${body.data.action}`, status: 'pending' } }, 202);
  }

  private remove(id: string, owner: string): Reply {
    const number = numberOfUuid(id);
    if (this.running.has(number)) return refused(400, 'invalid_request', 'server should be stopped');
    return this.desk.end(number, owner) ? json({}) : refused(404, 'not_found', 'resource is not found');
  }

  private quote(type: ScalewayType, zone: string): Quote {
    const quote = this.market.quote(lotId(type.name, zone));
    if (quote === undefined) throw new Error(`${type.name} in ${zone} is in no market`);
    return quote;
  }
}

const CPU_TYPE = {
  alt_names: [],
  arch: 'x86_64',
  ncpus: 32,
  ram: 128 * GIB,
  gpu: 0,
  gpu_info: null as unknown,
  mig_profile: null,
  scratch_storage_max_size: 0,
  monthly_price: 653.0142,
  hourly_price: 0.89454,
  end_of_service: false,
};

function cpuProduct(zone: string) {
  return {
    sku: `/compute/pro2_l/run_${zone.replaceAll('-', '_')}`,
    service_category: 'Compute',
    product_category: 'Instance',
    product: 'PRO2-L',
    variant: `PRO2-L - ${zone}`,
    locality: { zone },
    price: { retail_price: { currency_code: 'EUR', units: 0, nanos: 894_540_000 } },
    properties: {
      hardware: { cpu: { type: 'AMD EPYC 7543', threads: 32 }, ram: { size: 128 * GIB } },
      instance: { range: 'General Purpose', offer_id: 'PRO2-L', recommended_replacement_offer_ids: [] },
    },
    unit_of_measure: { unit: 'hour', size: 1 },
    status: 'general_availability',
    badges: [],
  };
}

function unitsAndNanos(price: MicroUsd): { units: number; nanos: number } {
  const units = Math.floor(price / MICROS_PER_UNIT);
  return { units, nanos: Math.round((price - units * MICROS_PER_UNIT) * 1_000) };
}

function pageOf(query: URLSearchParams, sizeName: string, usual: number): { page: number; size: number } {
  const count = (name: string, otherwise: number): number => {
    const asked = Number(query.get(name) ?? otherwise);
    return Number.isSafeInteger(asked) && asked >= 1 ? asked : otherwise;
  };
  return { page: count('page', 1), size: Math.min(LARGEST_PAGE, count(sizeName, usual)) };
}

function productOf({ name, gpus, zones, entry }: ScalewayType): ProductPlan {
  const lots = zones.map((zone) =>
    listedLot({ id: lotId(name, zone), region: zone, gpuCount: gpus, capacity: MACHINES_PER_ZONE }),
  );
  return { entry, tide: LIST_TIDE, lots };
}

function lotId(name: string, zone: string): string {
  return `${name} ${zone}`;
}

function refused(status: number, type: string, message: string): Reply {
  return json({ type, message }, status);
}
