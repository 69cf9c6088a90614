import { z } from 'zod';
import { Market } from '../../market/market';
import type { MicroUsd } from '../../market/money';
import type { ProductPlan, Tide } from '../../market/product-plan';
import { type Rental, RentalLedger } from '../../market/rental-ledger';
import { json, type Reply, text } from '../answer';
import { isEmulatorKey, presentedKey } from '../api-key';
import type { CloudOptions, CloudRequest, EmulatedCloud, RowShape } from '../emulated-cloud';
import { SlidingWindowLimiter } from '../sliding-window.limiter';
import { LAMBDA_REGIONS, LAMBDA_TYPES, type LambdaType } from './lambda.reference';

/** List prices hold for months; whole cents, as they are written in cents. */
const LIST_TIDE: Tide = { chance: 0.002, stepBp: 800, rangeBp: 2_000, grain: 10_000 };
const CENT: MicroUsd = 10_000;
const MACHINES_PER_REGION = 2;

/** Published: about one request a second, and one launch every twelve. */
const REQUESTS_PER_MINUTE = 60;
const LAUNCHES_PER_MINUTE = 5;

const launchInput = z.object({
  region_name: z.string(),
  instance_type_name: z.string(),
  ssh_key_names: z.array(z.string()).length(1),
  name: z.string().max(64).nullish(),
});
const terminateInput = z.object({ instance_ids: z.array(z.string()).min(1) });

export const lambdaCloud = (options: CloudOptions): EmulatedCloud => new LambdaCloud(options);

class LambdaCloud implements EmulatedCloud {
  readonly slug = 'lambda';
  readonly market: Market;
  readonly reference = LAMBDA_TYPES.map(({ entry }) => entry);
  readonly rows: RowShape = {
    path: ['data'],
    within: 'instance_type',
    id: 'name',
    numbers: ['price_cents_per_hour'],
  };
  private readonly rentals = new RentalLedger();
  private readonly requests: SlidingWindowLimiter;
  private readonly launches: SlidingWindowLimiter;

  constructor(private readonly options: CloudOptions) {
    this.market = new Market(LAMBDA_TYPES.map(productOf), { seed: options.seed });
    this.requests = new SlidingWindowLimiter(REQUESTS_PER_MINUTE * Math.max(1, options.speed), 60_000);
    this.launches = new SlidingWindowLimiter(LAUNCHES_PER_MINUTE * Math.max(1, options.speed), 60_000);
  }

  answer(request: CloudRequest): Reply {
    const key = presentedKey(request) ?? basicUser(request);
    if (key === undefined || !isEmulatorKey(key)) {
      return failure(401, 'global/invalid-api-key', 'API key was invalid, expired, or deleted.');
    }
    if (!this.requests.accepts(key, this.options.now())) return tooMany();
    switch (`${request.method} ${request.path.replace(/\/+$/, '')}`) {
      case 'GET /instance-types':
        return json({ data: this.types() });
      case 'GET /regions':
        return json({ data: LAMBDA_REGIONS });
      case 'GET /ssh-keys':
        return json({ data: [{ id: 'emulator', name: 'emulator', public_key: 'ssh-ed25519 emulator' }] });
      case 'GET /instances':
        return json({ data: this.rentals.of(key).map((rental) => this.instance(rental)) });
      case 'POST /instance-operations/launch':
        return this.launch(request, key);
      case 'POST /instance-operations/terminate':
        return this.terminate(request.body, key);
      default:
        return failure(404, 'global/object-does-not-exist', 'Specified resource does not exist.');
    }
  }

  private types(): Record<string, unknown> {
    return { ...Object.fromEntries(LAMBDA_TYPES.map((type) => [type.name, this.typeNode(type)])), ...CPU_TYPE };
  }

  private typeNode(type: LambdaType) {
    return {
      instance_type: {
        name: type.name,
        description: `${type.gpus}x ${type.gpuDescription}`,
        gpu_description: type.gpuDescription,
        price_cents_per_hour: Math.round(this.priceOf(type) / CENT),
        specs: { vcpus: type.vcpus, memory_gib: type.memoryGib, storage_gib: type.storageGib, gpus: type.gpus },
      },
      regions_with_capacity_available: LAMBDA_REGIONS.filter(
        ({ name }) => (this.market.quote(lotId(type.name, name))?.free ?? 0) > 0,
      ),
    };
  }

  private priceOf(type: LambdaType): MicroUsd {
    const quote = this.market.quote(lotId(type.name, type.entry.regions[0] ?? ''));
    if (quote === undefined) throw new Error(`${type.name} is in no market`);
    return quote.price;
  }

  private launch(request: CloudRequest, owner: string): Reply {
    if (!this.launches.accepts(owner, this.options.now())) return tooMany();
    if (request.soldOut) return text(`${NO_CAPACITY}: Not enough capacity to fulfill launch request.`, 500);
    const input = launchInput.safeParse(request.body);
    if (!input.success) return failure(400, 'global/invalid-parameters', 'Invalid request data.');
    const type = LAMBDA_TYPES.find(({ name }) => name === input.data.instance_type_name);
    if (type === undefined)
      return failure(404, 'global/object-does-not-exist', 'Specified instance type does not exist.');
    const lot = lotId(type.name, input.data.region_name);
    if (!this.market.take(lot, 1)) return failure(400, NO_CAPACITY, 'Not enough capacity to fulfill launch request.');
    const rental = this.rentals.open({
      lotId: lot,
      units: 1,
      owner,
      pricePerHour: this.priceOf(type),
      label: input.data.name ?? null,
    });
    return json({ data: { instance_ids: [instanceId(rental.id)] } });
  }

  private terminate(body: unknown, owner: string): Reply {
    const input = terminateInput.safeParse(body);
    if (!input.success) return failure(400, 'global/invalid-parameters', 'Invalid request data.');
    const ended = input.data.instance_ids.map((id) => this.rentals.close(Number(id), owner));
    if (ended.includes(undefined)) {
      return failure(404, 'global/object-does-not-exist', 'Specified instance does not exist.');
    }
    for (const rental of ended) if (rental !== undefined) this.market.giveBack(rental.lotId, rental.units);
    return json({
      data: { terminated_instances: input.data.instance_ids.map((id) => ({ id, status: 'terminating' })) },
    });
  }

  private instance({ id, lotId: lot, label }: Rental) {
    const [type = '', region = ''] = lot.split(' ');
    return {
      id: instanceId(id),
      name: label,
      status: 'active',
      region: LAMBDA_REGIONS.find(({ name }) => name === region),
      instance_type: { name: type },
    };
  }
}

const NO_CAPACITY = 'instance-operations/launch/insufficient-capacity';

/** Lists show types without a GPU too; "4x" are its CPUs. */
const CPU_TYPE = {
  cpu_4x_general: {
    instance_type: {
      name: 'cpu_4x_general',
      description: '4x CPU General (16 GiB)',
      gpu_description: 'N/A',
      price_cents_per_hour: 20,
      specs: { vcpus: 4, memory_gib: 16, storage_gib: 100, gpus: 0 },
    },
    regions_with_capacity_available: [],
  },
};

function productOf({ name, gpus, entry }: LambdaType): ProductPlan {
  return {
    entry,
    tide: LIST_TIDE,
    lots: entry.regions.map((region) => ({
      id: lotId(name, region),
      region,
      gpuCount: gpus,
      spreadBp: 10_000,
      ownMoves: 0,
      stockMoves: 0.5,
      capacity: MACHINES_PER_REGION,
    })),
  };
}

function lotId(type: string, region: string): string {
  return `${type} ${region}`;
}

/** 32 digits, as Lambda's ids are 32 hexadecimal ones. */
function instanceId(id: number): string {
  return String(id).padStart(32, '0');
}

/** The key may also come as the user name of Basic credentials. */
function basicUser(request: CloudRequest): string | undefined {
  const encoded = /^Basic\s+(\S+)$/i.exec(request.headers['authorization'] ?? '')?.[1];
  return encoded === undefined ? undefined : Buffer.from(encoded, 'base64').toString('utf8').split(':')[0];
}

function failure(status: number, code: string, message: string): Reply {
  return json({ error: { code, message, suggestion: null } }, status);
}

function tooMany(): Reply {
  return failure(429, 'global/too-many-requests', 'Too many requests.');
}
