import { z } from 'zod';
import { Market } from '../../market/market';
import { microUsd, type MicroUsd, usdNumber } from '../../market/money';
import type { ProductPlan, Tide } from '../../market/product-plan';
import { json, type Reply, text } from '../answer';
import { isEmulatorKey, presentedKey } from '../api-key';
import type { CloudOptions, CloudRequest, EmulatedCloud, RowShape } from '../emulated-cloud';
import { listedLot } from '../listed-lot';
import { numberOfUuid, RentalDesk, uuidOf } from '../rental.desk';
import { SlidingWindowLimiter } from '../sliding-window.limiter';
import {
  TENSORDOCK_CARDS,
  TENSORDOCK_LOCATIONS,
  type TensordockCard,
  type TensordockLocation,
} from './tensordock.reference';

const REQUESTS_PER_MINUTE = 100;
const LEAST_DISK_GB = 100;
/** Of the documented location; per GPU that it owns. */
const PER_GPU = { vcpus: 16, ramGb: 64, storageGb: 500 };
const PARTS = { per_vcpu_hr: 0.003, per_gb_ram_hr: 0.002, per_gb_storage_hr: 0.00005 };

/** Hosts set their own prices. */
const HOST_TIDE: Tide = { chance: 0.03, stepBp: 500, rangeBp: 2_000, grain: 100 };

const instanceBody = z.object({
  data: z.object({
    type: z.literal('virtualmachine'),
    attributes: z.object({
      name: z.string().min(1),
      image: z.string().min(1),
      location_id: z.string(),
      ssh_key: z.string().min(1),
      resources: z.object({
        vcpu_count: z.number().int().min(1),
        ram_gb: z.number().min(1),
        storage_gb: z.number().min(LEAST_DISK_GB),
        gpus: z.record(z.string(), z.object({ count: z.number().int().min(1) })),
      }),
    }),
  }),
});
type Resources = z.output<typeof instanceBody>['data']['attributes']['resources'];

const SECRET = { name: 'emulator', secret_type: 'SSHKEY', value: 'ssh-ed25519 AAAAemulator emulator' };
const SECRET_ID = 'emulator-secret';

export const tensordockCloud = (options: CloudOptions): EmulatedCloud => new TensordockCloud(options);

class TensordockCloud implements EmulatedCloud {
  readonly slug = 'tensordock';
  readonly market: Market;
  readonly reference = TENSORDOCK_CARDS.map(({ entry }) => entry);
  readonly rows: RowShape = { path: ['data', 'locations'], id: 'id', numbers: ['gpus', 'tier'] };
  private readonly desk: RentalDesk;
  private readonly requests: SlidingWindowLimiter;

  constructor(private readonly options: CloudOptions) {
    this.market = new Market(TENSORDOCK_CARDS.map(productOf), { seed: options.seed });
    this.desk = new RentalDesk(this.market);
    this.requests = new SlidingWindowLimiter(Math.ceil(REQUESTS_PER_MINUTE * Math.max(1, options.speed)), 60_000);
  }

  answer(request: CloudRequest): Reply {
    const key = presentedKey(request);
    if (key === undefined || !isEmulatorKey(key)) return refused(401, 'Unauthorized');
    if (!this.requests.accepts(key, this.options.now())) return refused(429, 'Rate limit exceeded');
    const [, resource, id] = /^\/api\/v2\/(locations|instances|secrets)(?:\/([\w-]+))?\/?$/.exec(request.path) ?? [];
    switch (`${request.method} ${resource ?? ''}${id === undefined ? '' : '/'}`) {
      case 'GET locations':
        return json({ data: { locations: TENSORDOCK_LOCATIONS.map((place) => this.locationNode(place)) } });
      case 'GET secrets':
        return json({ data: { secrets: [{ id: SECRET_ID, name: SECRET.name, type: SECRET.secret_type }] } });
      case 'GET secrets/':
        return id === SECRET_ID
          ? json({ data: { type: 'secret', id, attributes: SECRET } })
          : refused(404, 'Not found');
      case 'GET instances':
        return json({ data: { instances: this.desk.of(key).map(({ id: own }) => ({ id: uuidOf(own) })) } });
      case 'GET instances/':
        return this.instance(id ?? '', key);
      case 'POST instances':
        return this.deploy(request, key);
      case 'DELETE instances/':
        return this.desk.end(numberOfUuid(id ?? ''), key) ? json({ data: { id } }) : refused(404, 'Instance not found');
      default:
        return refused(404, 'Not found');
    }
  }

  private locationNode(place: TensordockLocation) {
    const { id, city, stateprovince, country, tier } = place;
    const cards = TENSORDOCK_CARDS.filter(({ v0Name }) => v0Name in place.stock);
    return { id, city, stateprovince, country, tier, gpus: cards.map((card) => this.gpuNode(card, place)) };
  }

  private gpuNode({ v0Name, displayName }: TensordockCard, place: TensordockLocation) {
    const quote = this.market.quote(lotId(v0Name, place));
    if (quote === undefined) throw new Error(`${v0Name} in ${place.city} is in no market`);
    const gpu = {
      v0Name,
      displayName,
      max_count: place.overstates ? quote.plan.capacity : quote.free,
      price_per_hr: usdNumber(quote.price),
      resources: {
        max_vcpus: PER_GPU.vcpus * quote.plan.capacity,
        max_ram_gb: PER_GPU.ramGb * quote.plan.capacity,
        max_storage_gb: PER_GPU.storageGb * quote.plan.capacity,
      },
    };
    if (!place.tellsParts) return gpu;
    const network = {
      dedicated_ip_available: true,
      port_forwarding_available: true,
      network_storage_available: false,
    };
    return { ...gpu, pricing: PARTS, network_features: network };
  }

  private deploy(request: CloudRequest, owner: string): Reply {
    if (request.soldOut) return text('No capacity available on this hostnode', 500);
    const body = instanceBody.safeParse(request.body);
    if (!body.success) return refused(400, z.prettifyError(body.error));
    const { name, location_id: locationId, resources } = body.data.data.attributes;
    const place = TENSORDOCK_LOCATIONS.find(({ id }) => id === locationId);
    const [wanted] = Object.entries(resources.gpus);
    if (place === undefined || wanted === undefined) return refused(400, 'At least one GPU at a location is required');
    const [v0Name, { count }] = wanted;
    const lot = lotId(v0Name, place);
    const pricePerHour = (this.market.quote(lot)?.price ?? 0) * count + partsPrice(resources);
    const rental = this.desk.rent({ lotId: lot, units: count, owner, label: name, pricePerHour });
    if (rental === undefined) return refused(400, 'Not enough GPUs available at this location');
    return json({ data: { type: 'virtualmachine', id: uuidOf(rental.id), name, status: 'running' } });
  }

  /** The one place where a machine's true rate stands. */
  private instance(id: string, owner: string): Reply {
    const rental = this.desk.find(numberOfUuid(id), owner);
    if (rental === undefined) return refused(404, 'Instance not found');
    return json({
      type: 'virtualmachine',
      id,
      name: rental.label,
      status: 'running',
      rateHourly: usdNumber(rental.pricePerHour),
    });
  }
}

function productOf({ v0Name, entry }: TensordockCard): ProductPlan {
  const places = TENSORDOCK_LOCATIONS.filter(({ stock }) => v0Name in stock);
  return {
    entry,
    tide: HOST_TIDE,
    lots: places.map((place, index) => ({
      ...listedLot({ id: lotId(v0Name, place), region: place.city, gpuCount: 1, capacity: place.stock[v0Name] ?? 0 }),
      spreadBp: 10_000 + index * 600,
      ownMoves: 0.1,
    })),
  };
}

function partsPrice({ vcpu_count: vcpus, ram_gb: ramGb, storage_gb: diskGb }: Resources): MicroUsd {
  const parts = vcpus * PARTS.per_vcpu_hr + ramGb * PARTS.per_gb_ram_hr + diskGb * PARTS.per_gb_storage_hr;
  return microUsd(parts.toFixed(6));
}

function lotId(v0Name: string, place: TensordockLocation): string {
  return `${v0Name} ${place.city}`;
}

function refused(status: number, error: string): Reply {
  return json({ status, error }, status);
}
