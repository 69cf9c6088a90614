import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BookingNotSupportedError, type ProviderOffer } from '@gpubroker/provider-adapter/adapter';
import { type StubRequest, connectAdapter, describeAdapter } from '@gpubroker/provider-adapter/conformance';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import { AzureAdapter } from './azure.adapter';
import { AZURE_REGIONS } from './azure.regions';
import { azureBatch } from './azure.rows';
import { azureSize } from './azure.sizes';

/** An item of the price list. */
const item = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  currencyCode: 'USD',
  retailPrice: 98.32,
  unitPrice: 98.32,
  armRegionName: 'eastus',
  effectiveStartDate: '2025-01-01T00:00:00Z',
  meterName: 'ND96isrH100v5',
  skuName: 'ND96isrH100v5',
  productName: 'Virtual Machines NDsr H100 v5 Series',
  serviceName: 'Virtual Machines',
  unitOfMeasure: '1 Hour',
  type: 'Consumption',
  isPrimaryMeterRegion: true,
  armSkuName: 'Standard_ND96isr_H100_v5',
  ...changes,
});

describe('rows of Azure', () => {
  it('turns an item into an offer of the whole VM', () => {
    expect(azureBatch([item()]).offers).toMatchObject([
      {
        provider: 'azure',
        externalId: 'Standard_ND96isr_H100_v5|eastus|on_demand',
        gpuType: 'H100-SXM',
        gpuCount: 8,
        gpuMemoryGb: 80,
        cpuCores: 96,
        ramGb: 1900,
        storageGb: null,
        pricePerNodeHour: '98.32',
        pricePerGpuHour: '12.29',
        pricing: 'on_demand',
        region: 'eastus',
        macroRegion: 'us',
        availability: 'unknown',
      },
    ]);
  });

  it.each([
    [
      'a spot meter',
      item({ meterName: 'ND96isrH100v5 Spot', retailPrice: 16 }),
      { pricing: 'spot', pricePerGpuHour: '2' },
    ],
    ['spot in the SKU name only', item({ skuName: 'ND96isrH100v5 Spot' }), { pricing: 'spot' }],
    ['the UK', item({ armRegionName: 'uksouth' }), { region: 'uksouth', macroRegion: 'uk' }],
    [
      'a sixth of a card',
      item({ armSkuName: 'Standard_NV6ads_A10_v5', retailPrice: 0.454 }),
      { gpuType: 'A10', gpuCount: 1 / 6, gpuMemoryGb: 24 },
    ],
    ['a promotion', item({ armSkuName: 'Standard_NC6_Promo', retailPrice: 0.4 }), { gpuType: 'K80', gpuCount: 1 }],
    [
      'a card without a model of its own',
      item({ armSkuName: 'Standard_NG32ads_V620_v1', retailPrice: 1 }),
      { gpuType: 'Radeon Pro V620', gpuMatch: 'unknown' },
    ],
    ['another currency', item({ currencyCode: 'EUR' }), { currency: 'EUR' }],
    [
      'the seven fields that one recorder kept',
      {
        armSkuName: 'Standard_ND96isr_H100_v5',
        armRegionName: 'eastus',
        retailPrice: 98.32,
        unitOfMeasure: '1 Hour',
        meterName: 'x',
        productName: 'y',
        type: 'Consumption',
      },
      { currency: 'USD' },
    ],
  ])('reads %s', (_what, row, expected) => {
    expect(azureBatch([row]).offers).toMatchObject([expected]);
  });

  it.each([
    ['Windows', item({ productName: 'Virtual Machines NDsr H100 v5 Series Windows' }), 'unsupported_product'],
    ['Low Priority', item({ meterName: 'ND96isrH100v5 Low Priority' }), 'unsupported_product'],
    ['a developer price', item({ type: 'DevTestConsumption' }), 'unsupported_product'],
    ['a reservation that says "1 Hour"', item({ type: 'Reservation', retailPrice: 500_000 }), 'unsupported_product'],
    ['a dedicated host', item({ productName: 'NDsr Dedicated Host' }), 'unsupported_product'],
    ['a price per month', item({ unitOfMeasure: '1/Month' }), 'unsupported_product'],
    ['a government region', item({ armRegionName: 'usgovvirginia' }), 'restricted_region'],
    ['a VM without GPU', item({ armSkuName: 'Standard_D4s_v5' }), 'no_gpu'],
    ['another service', item({ armSkuName: '' }), 'no_gpu'],
    ['a GPU size that is not in the table', item({ armSkuName: 'Standard_ND500_R100_v9' }), 'missing_field'],
    ['a price that may be of spot', item({ meterName: null, skuName: ' ' }), 'missing_field'],
    ['a price of zero', item({ retailPrice: 0 }), 'price_zero'],
    ['no price', item({ retailPrice: null }), 'price_missing'],
    ['an item without a size', item({ armSkuName: undefined }), 'malformed'],
    ['something else than an item', 7, 'malformed'],
  ])('rejects %s', (_what, row, reason) => {
    expect(azureBatch([row])).toMatchObject({ offers: [], rejected: [{ reason }] });
  });

  it('counts an item that stands on two pages once', () => {
    expect(azureBatch([item(), item()])).toMatchObject({ offers: [{}], rejected: [] });
  });

  it.each([
    ['the primary meter', item({ retailPrice: 1, isPrimaryMeterRegion: false }), item({ retailPrice: 2 })],
    ['the later price', item({ retailPrice: 1 }), item({ retailPrice: 2, effectiveStartDate: '2025-06-01T00:00:00Z' })],
    ['the cheaper price', item({ retailPrice: 3 }), item({ retailPrice: 2 })],
  ])('keeps %s of two for one thing, in either order', (_what, loser, winner) => {
    for (const rows of [
      [loser, winner],
      [winner, loser],
    ]) {
      expect(azureBatch(rows)).toMatchObject({
        offers: [{ pricePerNodeHour: '2' }],
        rejected: [{ reason: 'duplicate' }],
      });
    }
  });

  it('knows what is in a size, whatever its case', () => {
    expect(azureSize('standard_nc80adis_h100_v5')).toMatchObject({ gpu: 'H100-NVL', gpuCount: 2, vcpus: 80 });
    expect(azureSize('Standard_D2')).toBeNull();
  });
});

const regionOf = (request: StubRequest): string =>
  /armRegionName eq '([^']+)'/.exec(request.query.get('$filter') ?? '')?.[1] ?? '';

describeAdapter(AzureAdapter, {
  credentials: {
    tenant_id: 'tenant-1',
    client_id: 'client-1',
    client_secret: 'azure-secret-1',
    subscription_id: 'sub-1',
  },
  cases: [
    {
      name: 'two regions with prices',
      cloud: (request) => {
        const region = regionOf(request);
        const Items = ['eastus', 'uksouth'].includes(region)
          ? [
              item({ armRegionName: region }),
              item({ armRegionName: region, armSkuName: 'Standard_NG32ads_V620_v1', retailPrice: 1 }),
            ]
          : [];
        return { body: { Items, NextPageLink: null, Count: Items.length } };
      },
      offers: 4,
      unknownGpus: ['Radeon Pro V620'],
    },
    { name: 'one bad item everywhere', cloud: () => ({ body: { Items: [{}], NextPageLink: '' } }), offers: 0 },
  ],
});

describe('AzureAdapter', () => {
  const credentials = { tenant_id: 'my tenant', client_id: 'c', client_secret: 's', subscription_id: 'x' };
  const to = connectAdapter(AzureAdapter);

  it('asks every region for GPU sizes and follows its pages to the last one', async () => {
    to.cloud.use((request) => {
      if (regionOf(request) !== 'westeurope') return { body: { Items: [], NextPageLink: null } };
      const page = Number(request.query.get('$skip') ?? '0');
      const next = `${to.cloud.baseUrl}${request.path}?${new URLSearchParams({ $filter: request.query.get('$filter') ?? '', $skip: String(page + 1) }).toString()}`;
      return {
        body: {
          Items: [
            item({ armRegionName: 'westeurope', armSkuName: ['Standard_NC6', 'Standard_NC12', 'Standard_NC24'][page] }),
          ],
          NextPageLink: page < 2 ? next : null,
        },
      };
    });
    const { offers } = await to.adapter.pull({ credentials: null });
    expect(offers.map(({ gpuCount }) => gpuCount)).toEqual([1, 2, 4]);
    expect(new Set(to.cloud.requests.map(regionOf))).toEqual(new Set(AZURE_REGIONS));
    expect(to.cloud.requests[0]?.url).not.toContain('+');
    expect(to.cloud.requests[0]?.query.get('$filter')).toContain("contains(armSkuName, 'Standard_N')");
  });

  it('does not follow a page link to another host', async () => {
    to.cloud.use(() => ({ body: { Items: [], NextPageLink: 'http://169.254.169.254/latest' } }));
    await expect(to.adapter.pull({ credentials: null })).rejects.toMatchObject({ reason: 'malformed' });
  });

  it('stops when the page links go round', async () => {
    to.cloud.use(({ url }) => ({ body: { Items: [], NextPageLink: `${to.cloud.baseUrl}${url}` } }));
    await expect(to.adapter.pull({ credentials: null })).rejects.toMatchObject({ reason: 'incomplete' });
  });

  it('gives nothing when one region fails', async () => {
    to.cloud.use((request) =>
      regionOf(request) === 'westus3' ? { status: 500 } : { body: { Items: [], NextPageLink: null } },
    );
    await expect(to.adapter.pull({ credentials: null })).rejects.toMatchObject({ reason: 'status_5xx' });
  });

  it.each([
    [200, true],
    [400, false],
    [401, false],
  ])('takes status %d of the token endpoint for credentials that work: %p', async (status, valid) => {
    to.cloud.use(() => ({ status, body: { access_token: 't' } }));
    expect(await to.adapter.validateCredentials(credentials)).toBe(valid);
    expect(to.cloud.requests).toMatchObject([{ method: 'POST', path: '/my%20tenant/oauth2/v2.0/token' }]);
    expect(new URLSearchParams(to.cloud.requests[0]?.body).get('grant_type')).toBe('client_credentials');
  });

  it('cannot say whether credentials work when the token endpoint fails', async () => {
    to.cloud.use(() => ({ status: 503 }));
    await expect(to.adapter.validateCredentials(credentials)).rejects.toMatchObject({ reason: 'status_5xx' });
  });

  it('cannot be booked yet', async () => {
    await expect(to.adapter.bookInstance('x', 1, { credentials })).rejects.toThrow(BookingNotSupportedError);
    await expect(to.adapter.terminate('x', { credentials })).rejects.toThrow(BookingNotSupportedError);
  });
});

describeWithShared('recorded answers of Azure', (shared) => {
  const batch = () => {
    const text = readFileSync(join(shared, 'data', 'upstreams', 'azure', '1-retail-prices.json'), 'utf8');
    return azureBatch((JSON.parse(text) as { Items: unknown[] }).Items);
  };
  const offer = (sku: string, region: string, pricing: string): ProviderOffer | undefined =>
    batch().offers.find(({ externalId }) => externalId === `Standard_${sku}|${region}|${pricing}`);

  it.each([
    ['ND96isr_H100_v5', 'eastus', 'on_demand', 'H100-SXM', 8, 80, '12.29', '98.32'],
    ['ND96isr_H100_v5', 'japaneast', 'on_demand', 'H100-SXM', 8, 80, '17.8205', '142.564'],
    ['NC40ads_H100_v5', 'eastus', 'on_demand', 'H100-NVL', 1, 94, '6.98', '6.98'],
    ['NC80adis_H100_v5', 'eastus', 'on_demand', 'H100-NVL', 2, 94, '6.98', '13.96'],
    ['ND96asr_v4', 'eastus', 'on_demand', 'A100-40GB-SXM', 8, 40, '3.399625', '27.197'],
    ['ND96amsr_A100_v4', 'eastus', 'on_demand', 'A100-80GB-SXM', 8, 80, '4.09625', '32.77'],
    ['NC24ads_A100_v4', 'eastus', 'spot', 'A100-80GB-PCIE', 1, 80, '0.67877', '0.67877'],
    ['ND96isr_H200_v5', 'uksouth', 'spot', 'H200-SXM', 8, 141, '13.25', '106'],
    ['ND96isr_MI300X_v5', 'northeurope', 'on_demand', 'MI300X', 8, 192, '7.2', '57.6'],
  ])(
    'gives %s in %s, %s, as %s × %d',
    (sku, region, pricing, gpuType, gpuCount, gpuMemoryGb, pricePerGpuHour, pricePerNodeHour) => {
      expect(offer(sku, region, pricing)).toMatchObject({
        gpuType,
        gpuCount,
        gpuMemoryGb,
        pricePerGpuHour,
        pricePerNodeHour,
        availability: 'unknown',
      });
    },
  );

  it('makes no offer of Windows, Low Priority and government rows, and counts them', () => {
    const { offers, rejected } = batch();
    expect(offers.length + rejected.length).toBe(60);
    expect(new Set(rejected.map(({ reason }) => reason))).toEqual(
      new Set(['unsupported_product', 'restricted_region']),
    );
    expect(rejected.filter(({ reason }) => reason === 'restricted_region')).toHaveLength(2);
    expect(offers.filter(({ attributes }) => /windows|low priority/i.test(JSON.stringify(attributes)))).toEqual([]);
  });
});
