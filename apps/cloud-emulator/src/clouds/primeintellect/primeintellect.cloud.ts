import { z } from 'zod';
import { Market, type Quote } from '../../market/market';
import { usdNumber } from '../../market/money';
import type { ProductPlan, Tide } from '../../market/product-plan';
import { json, type Reply, text } from '../answer';
import { isEmulatorKey, presentedKey } from '../api-key';
import type { CloudOptions, CloudRequest, EmulatedCloud, RowShape } from '../emulated-cloud';
import { listedLot } from '../listed-lot';
import { numberOfUuid, RentalDesk, uuidOf } from '../rental.desk';
import { PRIME_CONFIGURATIONS, type PrimeConfiguration, type PrimePart } from './primeintellect.reference';

const MACHINES = 6;
const PAGE_SIZE = 20;
const LARGEST_PAGE = 100;

/** As counted over four weeks of half hours: the lowest price of a card moved in up to a tenth of them. */
const LIST_TIDE: Tide = { chance: 0.03, stepBp: 700, rangeBp: 2_500, grain: 100 };
const SPOT_TIDE: Tide = { chance: 0.2, stepBp: 1_000, rangeBp: 3_500, grain: 100 };

const podBody = z.object({
  pod: z.looseObject({
    name: z.string().min(1),
    cloudId: z.string(),
    gpuType: z.string(),
    gpuCount: z.number().int().min(1),
    image: z.string(),
    socket: z.string().optional(),
    dataCenterId: z.string().optional(),
    country: z.string().optional(),
    security: z.string().optional(),
  }),
  provider: z.object({ type: z.string() }),
});
type Pod = z.output<typeof podBody>;

export const primeintellectCloud = (options: CloudOptions): EmulatedCloud => new PrimeintellectCloud(options);

class PrimeintellectCloud implements EmulatedCloud {
  readonly slug = 'primeintellect';
  readonly market: Market;
  readonly reference = PRIME_CONFIGURATIONS.map(({ entry }) => entry);
  readonly rows: RowShape = { path: ['items'], id: 'cloudId', numbers: ['gpuCount', 'gpuMemory'] };
  private readonly desk: RentalDesk;

  constructor({ seed }: CloudOptions) {
    this.market = new Market(PRIME_CONFIGURATIONS.map(productOf), { seed });
    this.desk = new RentalDesk(this.market);
  }

  answer(request: CloudRequest): Reply {
    const key = presentedKey(request);
    if (key === undefined || !isEmulatorKey(key)) return refused(401, 'Invalid API key');
    const path = request.path.replace(/\/+$/, '');
    const [, id] = /^\/api\/v1\/pods\/([\w-]+)$/.exec(path) ?? [];
    switch (`${request.method} ${id === undefined ? path : '/api/v1/pods/'}`) {
      case 'GET /api/v1/availability/gpus':
        return this.page(request.query);
      case 'GET /api/v1/availability/gpu-summary':
        return json(this.summary());
      case 'GET /api/v1/user/whoami':
        return json({ id: 'emulator-user', email: 'emulator@example.invalid' });
      case 'POST /api/v1/pods':
        return this.create(request, key);
      case 'DELETE /api/v1/pods/':
        return this.desk.end(numberOfUuid(id ?? ''), key) ? json({ status: 'ok' }) : refused(404, 'Pod not found');
      default:
        return refused(404, 'Not Found');
    }
  }

  private page(query: URLSearchParams): Reply {
    const number = Number(query.get('page') ?? '1');
    const size = Math.min(LARGEST_PAGE, Number(query.get('page_size') ?? PAGE_SIZE));
    if (!Number.isSafeInteger(number) || !Number.isSafeInteger(size) || number < 1 || size < 1) {
      return refused(422, 'page and page_size are counts');
    }
    const wanted = (name: string, value: unknown) => !query.has(name) || query.get(name) === String(value);
    const found = PRIME_CONFIGURATIONS.filter(
      (one) =>
        wanted('gpu_type', one.gpuType) &&
        wanted('gpu_count', one.gpus) &&
        wanted('regions', one.region) &&
        wanted('socket', one.socket) &&
        wanted('security', securityOf(one)),
    );
    const items = found.slice((number - 1) * size, number * size).map((one) => this.itemNode(one));
    return json({ items, totalCount: found.length });
  }

  private itemNode(one: PrimeConfiguration) {
    const quote = this.quote(one);
    const price = usdNumber(quote.price);
    return {
      cloudId: one.cloudId,
      gpuType: one.gpuType,
      socket: one.socket,
      provider: one.provider,
      region: one.region,
      dataCenter: one.dataCenter,
      country: one.country,
      gpuCount: one.gpus,
      gpuMemory: one.gpuGb * one.gpus,
      disk: partNode(one.disk),
      sharedDisk: partNode({ count: null }),
      vcpu: partNode(one.vcpu),
      memory: partNode(one.memory),
      internetSpeed: null,
      interconnect: null,
      interconnectType: null,
      provisioningTime: null,
      stockStatus: stockStatus(quote),
      security: securityOf(one),
      prices: {
        onDemand: one.community ? null : price,
        communityPrice: one.community ? price : null,
        isVariable: null,
        currency: one.currency,
      },
      images: ['ubuntu_22_cuda_12'],
      isSpot: one.entry.pricing === 'spot' ? true : null,
      prepaidTime: one.prepaidHours,
    };
  }

  /** Cheapest per card, count and region; "cheapest" stands among the regions, put together from several of them. */
  private summary() {
    const answer: Record<string, Record<string, Record<string, SummaryPrices>>> = {};
    for (const one of PRIME_CONFIGURATIONS) {
      const counts = memberOf(answer, one.gpuType, {});
      const regions = memberOf(counts, String(one.gpus), {});
      const price = usdNumber(this.quote(one).price);
      for (const region of ['cheapest', one.region]) {
        const prices = memberOf(regions, region, { onDemand: null, communityPrice: null, spotPrice: null });
        const kind = kindOf(one);
        prices[kind] = Math.min(prices[kind] ?? price, price);
      }
    }
    return answer;
  }

  private create(request: CloudRequest, owner: string): Reply {
    if (request.soldOut) return text('Failed to create pod: no capacity at the provider', 500);
    const body = podBody.safeParse(request.body);
    if (!body.success) return refused(422, z.prettifyError(body.error));
    const found = PRIME_CONFIGURATIONS.find((one) => isMeant(one, body.data));
    if (found === undefined) return refused(404, 'No such configuration');
    const { plan, price: pricePerHour } = this.quote(found);
    const rental = this.desk.rent({ lotId: plan.id, units: 1, owner, label: body.data.pod.name, pricePerHour });
    if (rental === undefined) return refused(400, 'Out of stock');
    return json({
      id: uuidOf(rental.id),
      name: rental.label,
      providerType: found.provider,
      gpuName: found.gpuType,
      gpuCount: found.gpus,
      socket: found.socket,
      priceHr: usdNumber(pricePerHour),
      status: 'PROVISIONING',
    });
  }

  private quote(one: PrimeConfiguration): Quote {
    const quote = this.market.quote(one.entry.key);
    if (quote === undefined) throw new Error(`${one.entry.key} is in no market`);
    return quote;
  }
}

interface SummaryPrices {
  onDemand: number | null;
  communityPrice: number | null;
  spotPrice: number | null;
}

/** The named member, put there when it is missing. */
function memberOf<T>(group: Record<string, T>, name: string, fresh: T): T {
  const found = Object.hasOwn(group, name) ? group[name] : undefined;
  if (found !== undefined) return found;
  group[name] = fresh;
  return fresh;
}

function kindOf({ entry, community }: PrimeConfiguration): keyof SummaryPrices {
  if (entry.pricing === 'spot') return 'spotPrice';
  return community ? 'communityPrice' : 'onDemand';
}

function isMeant(one: PrimeConfiguration, { pod, provider }: Pod): boolean {
  return (
    one.provider === provider.type &&
    one.cloudId === pod.cloudId &&
    one.gpuType === pod.gpuType &&
    one.gpus === pod.gpuCount &&
    (pod.dataCenterId ?? one.dataCenter) === one.dataCenter &&
    (pod.country ?? one.country) === one.country &&
    (pod.socket ?? one.socket) === one.socket &&
    (pod.security ?? securityOf(one)) === securityOf(one)
  );
}

function securityOf({ community }: PrimeConfiguration): string {
  return community ? 'community_cloud' : 'secure_cloud';
}

function stockStatus({ free, plan, product }: Quote): string {
  if (free === 0) return 'Unavailable';
  // Only RunPod's rows tell how much; the others say that there is some.
  if (!product.entry.key.startsWith('runpod')) return 'Available';
  const full = free / plan.capacity;
  if (full > 0.66) return 'High';
  return full > 0.33 ? 'Medium' : 'Low';
}

function partNode({ count, usd, included, max }: PrimePart) {
  return {
    minCount: null,
    defaultCount: count,
    maxCount: max ?? null,
    pricePerUnit: usd ?? null,
    step: usd === undefined ? null : 1,
    defaultIncludedInPrice: included ?? null,
    additionalInfo: null,
  };
}

function productOf({ entry, gpus }: PrimeConfiguration): ProductPlan {
  return {
    entry,
    tide: entry.pricing === 'spot' ? SPOT_TIDE : LIST_TIDE,
    lots: [listedLot({ id: entry.key, region: entry.regions[0] ?? 'global', gpuCount: gpus, capacity: MACHINES })],
  };
}

function refused(status: number, detail: string): Reply {
  return json({ detail }, status);
}
