import { z } from 'zod';
import { Market } from '../../market/market';
import { type MicroUsd, usdNumber } from '../../market/money';
import type { ProductPlan, Tide } from '../../market/product-plan';
import { type Rental, RentalLedger } from '../../market/rental-ledger';
import { json, type Reply, text } from '../answer';
import { isEmulatorKey, presentedKey } from '../api-key';
import type { CloudOptions, CloudRequest, EmulatedCloud, RowShape } from '../emulated-cloud';
import { VERDA_KINDS, VERDA_TYPES, type VerdaKind, type VerdaType } from './verda.reference';

const LIST_TIDE: Tide = { chance: 0.002, stepBp: 800, rangeBp: 2_000, grain: 10_000 };
const SPOT_TIDE: Tide = { chance: 0.1, stepBp: 1_000, rangeBp: 3_000, grain: 10_000 };
const MACHINES_PER_LOCATION = 2;

const signInInput = z.looseObject({
  grant_type: z.literal('client_credentials'),
  client_id: z.string().min(1),
  client_secret: z.string().min(1),
});
const instanceInput = z.looseObject({
  instance_type: z.string(),
  image: z.string().min(1),
  ssh_key_ids: z.array(z.string()).min(1),
  hostname: z.string().regex(/^[a-z0-9-]+$/),
  description: z.string(),
  location_code: z.string(),
  is_spot: z.boolean().default(false),
});
const actionInput = z.looseObject({ id: z.union([z.string(), z.array(z.string())]), action: z.literal('delete') });

const LOCATIONS = ['FIN-01', 'FIN-02', 'FIN-03', 'ICE-01'];

export const verdaCloud = (options: CloudOptions): EmulatedCloud => new VerdaCloud(options);

class VerdaCloud implements EmulatedCloud {
  readonly slug = 'verda';
  readonly market: Market;
  readonly reference;
  /** The list of types is the whole body. */
  readonly rows: RowShape = { path: [], id: 'instance_type', numbers: ['price_per_hour', 'spot_price'] };
  private readonly rentals = new RentalLedger();

  constructor({ seed }: CloudOptions) {
    const products = VERDA_TYPES.flatMap((type) => VERDA_KINDS.flatMap((kind) => productOf(type, kind)));
    this.reference = products.map(({ entry }) => entry);
    this.market = new Market(products, { seed });
  }

  answer(request: CloudRequest): Reply {
    const path = request.path.replace(/\/+$/, '');
    if (path === '/oauth2/token') return signIn(request);
    const key = presentedKey(request);
    if (key !== undefined && !isEmulatorKey(key)) return unauthorized();
    if (request.method === 'GET' && path === '/instance-types') return this.types(request);
    if (request.method === 'GET' && path === '/instance-availability') return this.availability(request);
    return key === undefined ? unauthorized() : this.account(request, path, key);
  }

  private account(request: CloudRequest, path: string, key: string): Reply {
    const id = /^\/instances\/([0-9a-f-]+)$/.exec(path)?.[1];
    if (id !== undefined && request.method === 'GET') return this.instance(id, key);
    switch (`${request.method} ${path}`) {
      case 'GET /balance':
        return json({ amount: 25, currency: 'usd' });
      case 'GET /locations':
        return json(LOCATIONS.map((code) => ({ code, country_code: code.startsWith('ICE') ? 'IS' : 'FI' })));
      case 'GET /ssh-keys':
        return json([{ id: uuidOf(1), name: 'emulator', key: 'ssh-ed25519 emulator' }]);
      case 'POST /instances':
        return this.create(request, key);
      case 'PUT /instances':
        return this.delete(request.body, key);
      default:
        return failure(404, 'not_found', 'Not found');
    }
  }

  private types(request: CloudRequest): Reply {
    const currency = request.query.get('currency') ?? 'usd';
    if (currency !== 'usd') return failure(400, 'invalid_request', 'this price list is in usd only');
    return json([...VERDA_TYPES.map((type, index) => this.typeNode(type, index)), CPU_TYPE]);
  }

  private typeNode(type: VerdaType, index: number) {
    const { card, gpus } = type;
    return {
      best_for: [],
      cpu: { description: `${type.vcpus} CPU`, number_of_cores: type.vcpus },
      deploy_warning: null,
      description: 'Dedicated Hardware Instance',
      gpu: { description: `${gpus}x ${card.name}`, number_of_gpus: gpus },
      gpu_memory: { description: `${card.gb * gpus}GB GPU RAM`, size_in_gigabytes: card.gb * gpus },
      id: uuidOf(1_000 + index),
      instance_type: type.name,
      memory: { description: `${type.ramGb}GB RAM`, size_in_gigabytes: type.ramGb },
      model: card.shortModel,
      name: card.name,
      p2p: '',
      price_per_hour: this.priceText(type, 'on_demand'),
      spot_price: this.priceText(type, 'spot'),
      currency: 'usd',
      manufacturer: 'NVIDIA',
      storage:
        type.diskGb === null
          ? { description: 'dynamic' }
          : { description: `${type.diskGb}GB NVME`, size_in_gigabytes: type.diskGb },
    };
  }

  /** Prices are decimal text and of the whole machine; a type that is not sold as spot has none. */
  private priceText(type: VerdaType, kind: VerdaKind): string | null {
    const price = this.priceOf(type, kind);
    return price === null ? null : String(usdNumber(price));
  }

  private priceOf(type: VerdaType, kind: VerdaKind): MicroUsd | null {
    const quote = this.market.quote(lotId(type.name, kind, type.locations[0] ?? ''));
    return quote === undefined ? null : quote.price * type.gpus;
  }

  private availability(request: CloudRequest): Reply {
    const kind: VerdaKind = request.query.get('is_spot') === 'true' ? 'spot' : 'on_demand';
    return json(
      LOCATIONS.map((location_code) => ({
        location_code,
        availabilities: [
          ...VERDA_TYPES.filter(({ name }) => (this.market.quote(lotId(name, kind, location_code))?.free ?? 0) > 0).map(
            ({ name }) => name,
          ),
          // In stock under a name that the list of types does not have.
          ...(location_code === 'FIN-01' ? ['8RTX6000ADA.80V'] : []),
          'CPU.4V.16G',
        ],
      })),
    );
  }

  private create(request: CloudRequest, owner: string): Reply {
    if (request.soldOut) return text('instance create: not enough resources', 500);
    const input = instanceInput.safeParse(request.body);
    if (!input.success) return failure(400, 'invalid_request', z.prettifyError(input.error));
    const { instance_type: name, location_code: location, is_spot: isSpot, description } = input.data;
    const type = VERDA_TYPES.find((one) => one.name === name);
    const kind: VerdaKind = isSpot ? 'spot' : 'on_demand';
    const price = type === undefined ? null : this.priceOf(type, kind);
    if (type === undefined || price === null) return failure(400, 'invalid_request', `Unknown instance type ${name}`);
    const lot = lotId(name, kind, location);
    if (!this.market.take(lot, 1)) {
      const message = `Not enough resources to deploy a ${type.gpus} GPU instance type ${name} in ${location}`;
      return failure(503, 'service_unavailable', message);
    }
    const rental = this.rentals.open({ lotId: lot, units: 1, owner, pricePerHour: price, label: description });
    return text(uuidOf(rental.id), 202);
  }

  private instance(id: string, owner: string): Reply {
    const rental = this.rentals.of(owner).find((one) => uuidOf(one.id) === id);
    return rental === undefined ? failure(404, 'not_found', 'Instance not found') : json(instanceNode(rental));
  }

  private delete(body: unknown, owner: string): Reply {
    const input = actionInput.safeParse(body);
    if (!input.success) return failure(400, 'invalid_request', 'Only delete is emulated.');
    for (const id of [input.data.id].flat()) {
      const rental = this.rentals.of(owner).find((one) => uuidOf(one.id) === id);
      if (rental === undefined) return failure(404, 'not_found', 'Instance not found');
      this.rentals.close(rental.id, owner);
      this.market.giveBack(rental.lotId, rental.units);
    }
    return text('', 202);
  }
}

const CPU_TYPE = {
  best_for: ['Running services'],
  cpu: { description: '4 CPU', number_of_cores: 4 },
  deploy_warning: null,
  description: 'Dedicated Hardware Instance',
  gpu: { description: '', number_of_gpus: 0 },
  gpu_memory: { description: '', size_in_gigabytes: 0 },
  id: uuidOf(999),
  instance_type: 'CPU.4V.16G',
  memory: { description: '16GB RAM', size_in_gigabytes: 16 },
  model: 'CPU Node',
  name: 'AMD EPYC',
  p2p: '',
  price_per_hour: '0.0279',
  spot_price: '0.0098',
  currency: 'usd',
  manufacturer: 'AMD',
  storage: { description: 'dynamic' },
};

function signIn(request: CloudRequest): Reply {
  const input = signInInput.safeParse(request.body);
  if (request.method !== 'POST' || !input.success) return failure(400, 'invalid_request', 'Invalid request');
  if (!isEmulatorKey(input.data.client_secret)) return unauthorized();
  return json({ access_token: 'emulator-token', token_type: 'Bearer', expires_in: 3_600, scope: 'cloud-api-v1' });
}

function productOf(type: VerdaType, kind: VerdaKind): ProductPlan[] {
  const entry = type.entries[kind];
  if (entry === null) return [];
  const lots = type.locations.map((location) => ({
    id: lotId(type.name, kind, location),
    region: location,
    gpuCount: type.gpus,
    spreadBp: 10_000,
    ownMoves: 0,
    stockMoves: 0.5,
    capacity: MACHINES_PER_LOCATION,
  }));
  return [{ entry, tide: kind === 'spot' ? SPOT_TIDE : LIST_TIDE, lots }];
}

function lotId(type: string, kind: VerdaKind, location: string): string {
  return `${type} ${kind} ${location}`;
}

function instanceNode({ id, lotId: lot, label, pricePerHour }: Rental) {
  const [type = '', kind = '', location = ''] = lot.split(' ');
  return {
    id: uuidOf(id),
    instance_type: type,
    description: label,
    status: 'running',
    location,
    is_spot: kind === 'spot',
    price_per_hour: usdNumber(pricePerHour),
    os_volume_id: uuidOf(id + 1_000_000),
    volume_ids: [],
  };
}

function uuidOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

function failure(status: number, code: string, message: string): Reply {
  return json({ code, message }, status);
}

function unauthorized(): Reply {
  return failure(401, 'unauthorized_request', 'Access token is missing or invalid');
}
