import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import { ask } from '../../../test/ask';
import type { EmulatedCloud } from '../emulated-cloud';
import { azureCloud } from './azure.cloud';

interface Item extends Record<string, unknown> {
  armSkuName: string;
  armRegionName: string;
  retailPrice: number;
  meterName: string;
  productName: string;
  type: string;
}
interface Page extends Record<string, unknown> {
  Items: Item[];
  NextPageLink: string | null;
  Count: number;
}

const PATH = '/api/retail/prices';
const VMS = "serviceName eq 'Virtual Machines'";

const newCloud = (seed = 1) => azureCloud({ seed, speed: 1, now: Date.now });

function page(cloud: EmulatedCloud, query: Record<string, string> = {}): Page {
  const { status, body } = ask(cloud, PATH, { query });
  expect(status).toBe(200);
  return body as Page;
}

/** Every row, by following the links as a client does. */
function items(cloud: EmulatedCloud, filter = VMS): Item[] {
  const all: Item[] = [];
  let query: Record<string, string> | null = { $filter: filter };
  while (query !== null) {
    const { Items, NextPageLink }: Page = page(cloud, query);
    all.push(...Items);
    query = NextPageLink === null ? null : Object.fromEntries(new URL(NextPageLink).searchParams);
  }
  return all;
}

describeWithShared('Azure prices beside recorded ones', (shared) => {
  const recording = join(shared, 'data/upstreams/azure/1-retail-prices.json');
  it('has the recorded Linux and Spot meters at the recorded prices before anything moved', () => {
    const recorded = (JSON.parse(readFileSync(recording, 'utf8')) as { Items: Item[] }).Items;
    const rows = items(newCloud());
    const compared = recorded.filter(({ productName }) => !productName.endsWith('Windows'));
    for (const one of compared) {
      const same = rows.filter(
        (row) =>
          row.armSkuName === one.armSkuName &&
          row.armRegionName === one.armRegionName &&
          row.meterName === one.meterName &&
          row.productName === one.productName,
      );
      expect({
        ...one,
        found: same.map(({ retailPrice, type, unitOfMeasure }) => ({ retailPrice, type, unitOfMeasure })),
      }).toEqual({
        ...one,
        found: expect.arrayContaining([
          { retailPrice: one.retailPrice, type: one.type, unitOfMeasure: one.unitOfMeasure },
        ]) as unknown,
      });
    }
  });

  it('prices Windows as recorded', () => {
    const [row] = items(
      newCloud(),
      `${VMS} and armSkuName eq 'Standard_NC96ads_A100_v4' and armRegionName eq 'westeurope' and endswith(productName, 'Windows')`,
    );
    // Recorded in westus: 23.516 beside 19.10 for Linux; the licence costs the same everywhere.
    expect(row).toMatchObject({ retailPrice: 23.516, productName: 'NCads A100 v4 Series Windows' });
  });
});

describe('Azure retail prices', () => {
  it('answers in the envelope, a hundred rows a page', () => {
    expect(page(newCloud())).toMatchObject({
      BillingCurrency: 'USD',
      CustomerEntityId: 'Default',
      CustomerEntityType: 'Retail',
      Count: 100,
    });
  });

  it('gives the next page by a link to itself that keeps the filter, and null after the last', () => {
    const cloud = newCloud();
    const first = page(cloud, { $filter: VMS, 'api-version': '2023-01-01-preview' });
    const link = new URL(first.NextPageLink!);
    expect(link.origin + link.pathname).toBe('http://127.0.0.1:8190/cloud/api/retail/prices');
    expect(Object.fromEntries(link.searchParams)).toEqual({
      $filter: VMS,
      'api-version': '2023-01-01-preview',
      $skip: '100',
    });
    expect(page(cloud, { $filter: VMS, $skip: '100000' })).toMatchObject({ Items: [], Count: 0, NextPageLink: null });
  });

  it('lists no row twice and none is lost over its pages', () => {
    const rows = items(newCloud());
    const keys = rows.map((row) => [row.meterId, row.type, row.reservationTerm].join());
    expect(new Set(keys).size).toBe(rows.length);
    expect(rows.length).toBeGreaterThan(200);
  });

  it('sells at least sixty sizes and regions on demand', () => {
    const rows = items(newCloud(), `${VMS} and priceType eq 'Consumption'`).filter(
      (row) => row.retailPrice > 0 && !/Windows$/.test(row.productName) && !/ (Spot|Low Priority)$/.test(row.meterName),
    );
    expect(rows.length).toBeGreaterThanOrEqual(60);
  });

  it('writes every member of a row', () => {
    const [row] = items(
      newCloud(),
      `${VMS} and armSkuName eq 'Standard_NC40ads_H100_v5' and armRegionName eq 'eastus'`,
    );
    expect(row).toEqual({
      currencyCode: 'USD',
      tierMinimumUnits: 0,
      retailPrice: 6.98,
      unitPrice: 6.98,
      armRegionName: 'eastus',
      location: 'US East',
      effectiveStartDate: '2023-08-01T00:00:00Z',
      meterId: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) as unknown,
      meterName: 'NC40adsH100v5',
      productId: expect.stringMatching(/^DZH318Z0/) as unknown,
      skuId: expect.stringMatching(/^DZH318Z0.*\//) as unknown,
      productName: 'Virtual Machines NCadsH100v5 Series',
      skuName: 'NC40ads_H100_v5',
      serviceName: 'Virtual Machines',
      serviceId: 'DZH313Z7MMC8',
      serviceFamily: 'Compute',
      unitOfMeasure: '1 Hour',
      type: 'Consumption',
      isPrimaryMeterRegion: true,
      armSkuName: 'Standard_NC40ads_H100_v5',
    });
  });

  it('mixes in what is not a price per hour of Linux', () => {
    const rows = items(newCloud());
    expect(new Set(rows.map(({ type }) => type))).toEqual(
      new Set(['Consumption', 'DevTestConsumption', 'Reservation']),
    );
    expect(rows.some(({ meterName }) => meterName.endsWith(' Low Priority'))).toBe(true);
    expect(rows.some(({ productName }) => productName.endsWith(' Windows'))).toBe(true);
    expect(rows.some(({ armRegionName }) => armRegionName.startsWith('usgov'))).toBe(true);
    expect(rows.filter(({ retailPrice }) => retailPrice === 0)).toHaveLength(1);
  });

  it('prices a reservation for its whole term and still says an hour', () => {
    const terms = items(newCloud(), `${VMS} and priceType eq 'Reservation'`);
    expect(new Set(terms.map(({ reservationTerm }) => reservationTerm))).toEqual(new Set(['1 Year', '3 Years']));
    for (const row of terms) {
      expect(row.unitOfMeasure).toBe('1 Hour');
      expect(row.retailPrice).toBeGreaterThan(1_000);
    }
  });

  it('holds rows of other services', () => {
    expect(items(newCloud(), "serviceName eq 'Storage'")).toHaveLength(1);
  });

  it('keeps list prices for a day while spot prices move', () => {
    const cloud = newCloud();
    const before = items(cloud);
    for (let step = 0; step < 1_440; step += 1) cloud.market.step();
    const changed = items(cloud).filter((row, index) => row.retailPrice !== before[index]!.retailPrice);
    const spot = changed.filter(({ meterName }) => meterName.endsWith(' Spot'));
    expect(spot.length).toBeGreaterThan(5);
    expect(changed.length - spot.length).toBeLessThan(10);
  });

  it.each([
    ['a filter it cannot read', { $filter: 'colour eq' }],
    ['a $skip that is no count', { $skip: '-1' }],
    ['another currency', { currencyCode: "'EUR'" }],
  ])('refuses %s', (_what, query) => {
    expect(ask(newCloud(), PATH, { query })).toMatchObject({ status: 400, body: { Error: { Code: 'BadRequest' } } });
  });

  it('takes the currency it has', () => {
    expect(page(newCloud(), { currencyCode: "'USD'" }).Count).toBe(100);
  });

  it('has nothing else, and takes nothing but GET', () => {
    expect(ask(newCloud(), '/api/other').status).toBe(404);
    expect(ask(newCloud(), PATH, { body: {} }).status).toBe(405);
  });
});

describe('Azure sign-in', () => {
  const FORM = {
    grant_type: 'client_credentials',
    client_id: 'app',
    client_secret: 'emulator-secret',
    scope: 'x/.default',
  };
  const signIn = (body: object) => ask(newCloud(), '/some-tenant/oauth2/v2.0/token', { body });

  it('gives a token for a secret of the emulator', () => {
    expect(signIn(FORM)).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 3599 } });
  });

  it('refuses another secret, and a form that lacks a field', () => {
    expect(signIn({ ...FORM, client_secret: 'wrong' })).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    });
    expect(signIn({ client_secret: 'emulator-secret' })).toMatchObject({
      status: 400,
      body: { error: 'invalid_request' },
    });
  });
});
