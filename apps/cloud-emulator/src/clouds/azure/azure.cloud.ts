import { Market } from '../../market/market';
import type { ProductPlan, Tide } from '../../market/product-plan';
import { json, type Reply } from '../answer';
import type { CloudOptions, CloudRequest, EmulatedCloud, RowShape } from '../emulated-cloud';
import { azureItems } from './azure-item';
import { AZURE_METERS, type AzureMeter } from './azure.reference';
import { OdataFilterError, readOdataFilter } from './odata-filter';
import { signIn, TOKEN_PATH } from './sign-in';

const PAGE_SIZE = 100;

/** List prices hold for months, spot prices for hours. */
const LIST_TIDE: Tide = { chance: 0.0002, stepBp: 300, rangeBp: 1_000, grain: 1 };
const SPOT_TIDE: Tide = { chance: 0.04, stepBp: 600, rangeBp: 3_000, grain: 1 };

export const azureCloud = (options: CloudOptions): EmulatedCloud => new AzureCloud(options);

class AzureCloud implements EmulatedCloud {
  readonly slug = 'azure';
  readonly market: Market;
  readonly reference = AZURE_METERS.map(({ entry }) => entry);
  readonly rows: RowShape = { path: ['Items'], id: 'armSkuName', numbers: ['retailPrice', 'unitPrice'] };

  constructor({ seed }: CloudOptions) {
    this.market = new Market(AZURE_METERS.map(productOf), { seed });
  }

  /** No stock and no booking: renting goes through another API that needs a real subscription. */
  answer(request: CloudRequest): Reply {
    if (TOKEN_PATH.test(request.path)) return signIn(request);
    if (request.path.replace(/\/+$/, '') !== '/api/retail/prices') return problem(404, 'NotFound', 'no such resource');
    if (request.method !== 'GET') return problem(405, 'MethodNotAllowed', 'only GET is answered');
    const currency = (request.query.get('currencyCode') ?? 'USD').replaceAll("'", '');
    if (currency !== 'USD') return problem(400, 'BadRequest', 'this price list is in USD only');
    try {
      return this.page(request);
    } catch (error) {
      if (error instanceof OdataFilterError)
        return problem(400, 'BadRequest', `Invalid OData parameters: ${error.message}`);
      throw error;
    }
  }

  private page(request: CloudRequest): Reply {
    const skip = Number(request.query.get('$skip') ?? '0');
    if (!Number.isSafeInteger(skip) || skip < 0) throw new OdataFilterError('$skip is not a count');
    const filter = request.query.get('$filter');
    const all = azureItems(this.market);
    const found = filter ? all.filter(readOdataFilter(filter)) : all;
    const items = found.slice(skip, skip + PAGE_SIZE);
    const next = skip + PAGE_SIZE < found.length ? nextPageLink(request, skip + PAGE_SIZE) : null;
    return json({
      BillingCurrency: 'USD',
      CustomerEntityId: 'Default',
      CustomerEntityType: 'Retail',
      Items: items,
      NextPageLink: next,
      Count: items.length,
    });
  }
}

/** Back to where the caller came in: a link to the real host would leave the emulator. */
function nextPageLink(request: CloudRequest, skip: number): string {
  const query = new URLSearchParams(request.query);
  query.set('$skip', String(skip));
  return `${request.baseUrl}/api/retail/prices?${query.toString()}`;
}

function productOf({ entry, region, kind, sku }: AzureMeter): ProductPlan {
  const lot = {
    id: entry.key,
    region,
    gpuCount: sku.gpuCount,
    spreadBp: 10_000,
    ownMoves: 0,
    stockMoves: 0,
    capacity: 1,
  };
  return { entry, tide: kind === 'spot' ? SPOT_TIDE : LIST_TIDE, lots: [lot] };
}

function problem(status: number, code: string, message: string): Reply {
  return json({ Error: { Code: code, Message: message } }, status);
}
