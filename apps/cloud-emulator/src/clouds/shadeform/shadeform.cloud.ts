import { z } from 'zod';
import { Market, type Quote } from '../../market/market';
import { type MicroUsd, usdNumber } from '../../market/money';
import type { ProductPlan, Tide } from '../../market/product-plan';
import { json, type Reply, text } from '../answer';
import { isEmulatorKey } from '../api-key';
import type { CloudOptions, CloudRequest, EmulatedCloud, RowShape } from '../emulated-cloud';
import { listedLot } from '../listed-lot';
import { numberOfUuid, RentalDesk, uuidOf } from '../rental.desk';
import { SHADEFORM_TYPES, type ShadeformPlace, type ShadeformType } from './shadeform.reference';

const CENT: MicroUsd = 10_000;
/** On-demand prices follow those of the clouds behind it, spot prices their stock; both in whole cents. */
const LIST_TIDE: Tide = { chance: 0.01, stepBp: 500, rangeBp: 1_500, grain: CENT };
const SPOT_TIDE: Tide = { chance: 0.1, stepBp: 900, rangeBp: 3_000, grain: CENT };
const MACHINES_PER_REGION = 3;

const createBody = z.looseObject({
  cloud: z.string(),
  region: z.string(),
  shade_instance_type: z.string(),
  shade_cloud: z.boolean(),
  name: z.string().min(1),
});

export const shadeformCloud = (options: CloudOptions): EmulatedCloud => new ShadeformCloud(options);

class ShadeformCloud implements EmulatedCloud {
  readonly slug = 'shadeform';
  readonly market: Market;
  readonly reference = SHADEFORM_TYPES.flatMap(({ onDemand, spot }) => (spot === null ? [onDemand] : [onDemand, spot]));
  readonly rows: RowShape = {
    path: ['instance_types'],
    id: 'shade_instance_type',
    numbers: ['hourly_price', 'num_gpus'],
  };
  private readonly desk: RentalDesk;

  constructor({ seed }: CloudOptions) {
    this.market = new Market(SHADEFORM_TYPES.flatMap(productsOf), { seed });
    this.desk = new RentalDesk(this.market);
  }

  answer(request: CloudRequest): Reply {
    const key = request.headers['x-api-key'];
    if (key === undefined || !isEmulatorKey(key)) return refused(401, 'Unauthorized');
    const [, id, action] = /^\/instances(?:\/([\w-]+))?(?:\/(info|delete))?\/?$/.exec(request.path) ?? [];
    if (!request.path.startsWith('/instances')) return refused(404, 'Not found');
    switch (`${request.method} ${action ?? id ?? ''}`) {
      case 'GET ':
        return json({
          instances: this.desk
            .of(key)
            .map((rental) => ({ id: uuidOf(rental.id), name: rental.label, status: 'active' })),
        });
      case 'GET types':
        return json({ instance_types: this.types(request.query) });
      case 'POST create':
        return this.create(request, key);
      case 'GET info':
        return this.info(id ?? '', key);
      case 'POST delete':
        return this.desk.end(numberOfUuid(id ?? ''), key) ? json({}) : refused(404, 'Instance not found');
      default:
        return refused(404, 'Not found');
    }
  }

  private types(query: URLSearchParams) {
    const wanted = (name: string, value: unknown) => !query.has(name) || query.get(name) === String(value);
    const found = SHADEFORM_TYPES.filter(
      (type) =>
        wanted('cloud', type.cloud) &&
        wanted('num_gpus', type.gpus) &&
        wanted('gpu_type', type.gpuType) &&
        wanted('shade_instance_type', type.name) &&
        type.places.some(({ region }) => wanted('region', region)),
    ).map((type) => this.typeNode(type));
    const listed = found.filter(
      ({ availability }) => query.get('available') !== 'true' || availability.some(({ available }) => available),
    );
    return query.get('sort') === 'price' ? listed.sort((a, b) => a.hourly_price - b.hourly_price) : listed;
  }

  private typeNode(type: ShadeformType) {
    const size = {
      memory_in_gb: type.memoryGb,
      storage_in_gb: type.storageGb,
      vcpus: type.vcpus,
      num_gpus: type.gpus,
      gpu_type: type.gpuType,
      interconnect: type.interconnect,
      nvlink: type.interconnect.startsWith('sxm'),
    };
    return {
      cloud: type.cloud,
      shade_instance_type: type.name,
      cloud_instance_type: `gpu_${type.gpus}x_${type.gpuType.toLowerCase()}`,
      configuration: {
        ...size,
        os_options: ['ubuntu22.04_cuda12.6_shade_os'],
        vram_per_gpu_in_gb: type.vramGb,
        gpu_manufacturer: type.gpuType.startsWith('MI') ? 'amd' : 'nvidia',
      },
      ...size,
      hourly_price: Math.round(this.priceOf(type) / CENT),
      availability: type.places.flatMap((place) => this.placeNodes(type, place)),
      boot_time: { min_boot_in_sec: 300, max_boot_in_sec: 600 },
      deployment_type: type.deployment,
    };
  }

  /** An on-demand entry as it always was, and for some types a spot entry with a price of its own, in dollars. */
  private placeNodes(type: ShadeformType, { region, displayName }: ShadeformPlace) {
    const onDemand = this.quote(type, region, false);
    const entry = { region, available: (onDemand?.free ?? 0) > 0, display_name: displayName };
    const spot = this.quote(type, region, true);
    if (spot === undefined) return [entry];
    const price = String(usdNumber(spot.price));
    return [
      { ...entry, rental_type: 'on_demand' },
      { ...entry, available: spot.free > 0, rental_type: 'spot', hourly_price: price },
    ];
  }

  private create(request: CloudRequest, owner: string): Reply {
    if (request.soldOut) return text('error creating instance: no capacity', 500);
    const body = createBody.safeParse(request.body);
    if (!body.success) return refused(400, z.prettifyError(body.error));
    const { cloud, region, shade_instance_type: name } = body.data;
    const type = SHADEFORM_TYPES.find((one) => one.cloud === cloud && one.name === name);
    const lot = type === undefined ? undefined : this.quote(type, region, false);
    if (type === undefined || lot === undefined) return refused(400, 'Instance type not found in this region');
    const pricePerHour = lot.price;
    const rental = this.desk.rent({ lotId: lot.plan.id, units: 1, owner, label: body.data.name, pricePerHour });
    if (rental === undefined) return refused(409, 'The instance type is out of stock in this region');
    return json({ id: uuidOf(rental.id), cloud_assigned_id: `emulator-${rental.id}` });
  }

  private info(id: string, owner: string): Reply {
    const rental = this.desk.find(numberOfUuid(id), owner);
    if (rental === undefined) return refused(404, 'Instance not found');
    const hourly = Math.round(rental.pricePerHour / CENT);
    return json({ id, name: rental.label, status: 'active', hourly_price: hourly });
  }

  private priceOf(type: ShadeformType): MicroUsd {
    const price = type.places.flatMap(({ region }) => this.quote(type, region, false)?.price ?? [])[0];
    if (price === undefined) throw new Error(`${type.name} is in no market`);
    return price;
  }

  private quote(type: ShadeformType, region: string, spot: boolean): Quote | undefined {
    return this.market.quote(lotId(type, region, spot));
  }
}

function productsOf(type: ShadeformType): ProductPlan[] {
  const lots = (spot: boolean) =>
    type.places.map(({ region }) =>
      listedLot({
        id: lotId(type, region, spot),
        region,
        gpuCount: type.gpus,
        capacity: MACHINES_PER_REGION,
      }),
    );
  return [
    { entry: type.onDemand, tide: LIST_TIDE, lots: lots(false) },
    ...(type.spot === null ? [] : [{ entry: type.spot, tide: SPOT_TIDE, lots: lots(true) }]),
  ];
}

function lotId(type: ShadeformType, region: string, spot: boolean): string {
  return `${type.cloud} ${type.gpuType} ${type.name} ${region}${spot ? ' spot' : ''}`;
}

function refused(status: number, error: string): Reply {
  return json({ error }, status);
}
