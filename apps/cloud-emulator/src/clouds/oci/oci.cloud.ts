import { z } from 'zod';
import { Market } from '../../market/market';
import { usdNumber } from '../../market/money';
import type { ProductPlan, Tide } from '../../market/product-plan';
import { type Rental, RentalLedger } from '../../market/rental-ledger';
import { json, type Reply, text } from '../answer';
import type { CloudOptions, CloudRequest, EmulatedCloud, RowShape } from '../emulated-cloud';
import { OCI_OTHER_ITEMS, OCI_PARTS, type OciPart } from './oci.reference';
import { signerOf } from './request-signature';

/** A list that changes a few times a year. */
const LIST_TIDE: Tide = { chance: 0.0002, stepBp: 300, rangeBp: 1_000, grain: 1_000 };
const MACHINES_PER_SHAPE = 2;
const API = '/20160918';
const COMPARTMENT = 'ocid1.compartment.oc1..emulator';
const DOMAIN = 'emul:EU-EMULATOR-1-AD-1';

const launchInput = z.looseObject({
  availabilityDomain: z.literal(DOMAIN),
  compartmentId: z.literal(COMPARTMENT),
  shape: z.string(),
  displayName: z.string().nullish(),
  createVnicDetails: z.looseObject({ subnetId: z.string().min(1) }),
  sourceDetails: z.looseObject({ sourceType: z.literal('image'), imageId: z.string().min(1) }),
});

export const ociCloud = (options: CloudOptions): EmulatedCloud => new OciCloud(options);

class OciCloud implements EmulatedCloud {
  readonly slug = 'oci';
  readonly market: Market;
  readonly reference = OCI_PARTS.map(({ entry }) => entry);
  readonly rows: RowShape = { path: ['items'], id: 'partNumber', numbers: ['displayName'] };
  private readonly rentals = new RentalLedger();

  constructor(private readonly options: CloudOptions) {
    this.market = new Market(OCI_PARTS.map(productOf), { seed: options.seed });
  }

  answer(request: CloudRequest): Reply {
    const path = request.path.replace(/\/+$/, '');
    if (path === '/products') return this.prices(request);
    if (!path.startsWith(`${API}/`)) return failure(404, 'NotFound', 'not found');
    const signer = signerOf(request, this.options.now());
    if (signer === null) {
      return failure(401, 'NotAuthenticated', 'The required information to complete authentication was not provided.');
    }
    return this.core(request, path.slice(API.length), signer);
  }

  private prices(request: CloudRequest): Reply {
    if (request.method !== 'GET') return failure(405, 'MethodNotAllowed', 'only GET is answered');
    const currency = request.query.get('currencyCode') ?? 'USD';
    if (currency !== 'USD') return failure(400, 'InvalidParameter', 'this price list is in USD only');
    const items = [
      ...OCI_PARTS.map((part) =>
        itemNode(part.partNumber, part.displayName, 'GPU Per Hour', 'Compute - GPU', [this.priceOf(part)]),
      ),
      ...OCI_OTHER_ITEMS.map(([partNumber, displayName, metric, category, ...prices]) =>
        itemNode(partNumber, displayName, metric, category, ...prices),
      ),
    ];
    return json({ lastUpdated: new Date(this.options.now()).toISOString(), items });
  }

  private priceOf({ partNumber, shapes }: OciPart): number {
    const quote = this.market.quote(lotId(partNumber, shapes[0]?.name ?? ''));
    if (quote === undefined) throw new Error(`${partNumber} is in no market`);
    return usdNumber(quote.price);
  }

  private core(request: CloudRequest, path: string, owner: string): Reply {
    const [, resource, id] = /^\/([A-Za-z]+)(?:\/([^/]+))?$/.exec(path) ?? [];
    switch (`${request.method} ${resource ?? ''}`) {
      case 'GET regions':
        return json([{ key: 'EMU', name: 'eu-emulator-1' }]);
      case 'GET subnets':
        return json({ id, compartmentId: COMPARTMENT, availabilityDomain: null, lifecycleState: 'AVAILABLE' });
      case 'GET availabilityDomains':
        return json([{ id: 'ocid1.availabilitydomain.oc1..emulator', name: DOMAIN, compartmentId: COMPARTMENT }]);
      case 'GET images':
        return json([{ id: 'ocid1.image.oc1..emulator', operatingSystem: request.query.get('operatingSystem') }]);
      case 'POST instances':
        return this.launch(request, owner);
      case 'DELETE instances':
        return this.terminate(id, owner);
      default:
        return failure(404, 'NotAuthorizedOrNotFound', 'Authorization failed or requested resource not found.');
    }
  }

  private launch(request: CloudRequest, owner: string): Reply {
    if (request.soldOut) return text('launch instance: out of capacity', 500);
    const input = launchInput.safeParse(request.body);
    const found = input.success ? partOf(input.data.shape) : undefined;
    if (!input.success || found === undefined) return failure(400, 'InvalidParameter', 'Invalid launch details.');
    const { part, gpus } = found;
    const lot = lotId(part.partNumber, input.data.shape);
    const quote = this.market.quote(lot);
    if (quote === undefined || !this.market.take(lot, 1)) return failure(500, 'InternalError', 'Out of host capacity.');
    const label = input.data.displayName ?? null;
    const rental = this.rentals.open({ lotId: lot, units: 1, owner, pricePerHour: quote.price * gpus, label });
    return json(instanceNode(rental));
  }

  private terminate(id: string | undefined, owner: string): Reply {
    const rental = this.rentals.of(owner).find((one) => ocidOf(one) === id);
    if (rental === undefined) {
      return failure(404, 'NotAuthorizedOrNotFound', 'Authorization failed or requested resource not found.');
    }
    this.rentals.close(rental.id, owner);
    this.market.giveBack(rental.lotId, rental.units);
    return text('', 204);
  }
}

function itemNode(
  partNumber: string,
  displayName: string,
  metricName: string,
  serviceCategory: string,
  ...prices: readonly (readonly [value: number, rangeMin?: number, rangeMax?: number])[]
) {
  return {
    partNumber,
    displayName,
    metricName,
    serviceCategory,
    currencyCodeLocalizations: [
      {
        currencyCode: 'USD',
        prices: prices.map(([value, rangeMin, rangeMax]) => ({ model: 'PAY_AS_YOU_GO', value, rangeMin, rangeMax })),
      },
    ],
  };
}

function productOf({ partNumber, shapes, entry }: OciPart): ProductPlan {
  return {
    entry,
    tide: LIST_TIDE,
    lots: shapes.map(({ name, gpus }) => ({
      id: lotId(partNumber, name),
      region: 'global',
      gpuCount: gpus,
      spreadBp: 10_000,
      ownMoves: 0,
      // The list does not show stock; only a booking meets it.
      stockMoves: 0.1,
      capacity: MACHINES_PER_SHAPE,
    })),
  };
}

function partOf(shape: string): { part: OciPart; gpus: number } | undefined {
  for (const part of OCI_PARTS) {
    const found = part.shapes.find(({ name }) => name === shape);
    if (found !== undefined) return { part, gpus: found.gpus };
  }
  return undefined;
}

function lotId(partNumber: string, shape: string): string {
  return `${partNumber} ${shape}`;
}

function instanceNode(rental: Rental) {
  return {
    id: ocidOf(rental),
    displayName: rental.label,
    shape: rental.lotId.split(' ')[1],
    lifecycleState: 'PROVISIONING',
    compartmentId: COMPARTMENT,
  };
}

function ocidOf({ id }: Rental): string {
  return `ocid1.instance.oc1.emulator.${id}`;
}

function failure(status: number, code: string, message: string): Reply {
  return json({ code, message }, status);
}
