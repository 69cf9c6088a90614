import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OfferBatch } from '@gpubroker/provider-adapter/adapter';
import {
  connectAdapter,
  describeAdapter,
  describeRenting,
  routes,
  type StubAnswer,
  type StubHandler,
} from '@gpubroker/provider-adapter/conformance';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import { VerdaAdapter } from './verda.adapter';
import { stockFrom, verdaAvailability, verdaBatch, type VerdaStock } from './verda.rows';

/** A type as the list has it. */
const type = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  instance_type: '2A6000.20V',
  model: 'RTX A6000',
  name: 'RTX A6000 48GB',
  cpu: { number_of_cores: 20 },
  gpu: { description: '2x RTX A6000 48GB', number_of_gpus: 2 },
  gpu_memory: { size_in_gigabytes: 96 },
  memory: { size_in_gigabytes: 120 },
  storage: { description: 'dynamic' },
  p2p: '',
  price_per_hour: '0.98',
  spot_price: '0.34',
  currency: 'usd',
  deploy_warning: null,
  ...changes,
});
const UNKNOWN: VerdaStock = { on_demand: null, spot: null };
const listed = (...types: string[]) => [{ location_code: 'FIN-01', availabilities: types }];
const batchOf = (row: unknown, stock: VerdaStock = UNKNOWN): OfferBatch => verdaBatch([row], stock);

describe('types of Verda', () => {
  it('give memory and price of the whole machine, on demand and spot', () => {
    expect(batchOf(type()).offers).toMatchObject([
      {
        externalId: '2A6000.20V|none|on_demand',
        gpuType: 'RTX-A6000',
        gpuCount: 2,
        gpuMemoryGb: 48,
        pricePerNodeHour: '0.98',
        pricePerGpuHour: '0.49',
        currency: 'USD',
        pricing: 'on_demand',
        region: 'global',
        availability: 'unknown',
        cpuCores: 20,
        ramGb: 120,
        storageGb: null,
        attributes: { price_unit: 'whole_instance', price_excludes: ['disk'] },
      },
      { externalId: '2A6000.20V|none|spot', pricing: 'spot', pricePerNodeHour: '0.34', pricePerGpuHour: '0.17' },
    ]);
  });

  it('are offered in each location that has them, kind by kind', () => {
    const stock: VerdaStock = {
      on_demand: stockFrom([...listed('2A6000.20V'), { location_code: 'ICE-01', availabilities: ['2A6000.20V'] }]),
      spot: stockFrom(listed('1V100.6V')),
    };
    const { offers, rejected } = batchOf(type(), stock);
    expect(
      offers.map(({ externalId, region, macroRegion, availability }) => [
        externalId,
        region,
        macroRegion,
        availability,
      ]),
    ).toEqual([
      ['2A6000.20V|FIN-01|on_demand', 'fin-01', 'eu', 'available'],
      ['2A6000.20V|ICE-01|on_demand', 'ice-01', 'eu', 'available'],
      ['2A6000.20V|none|spot', 'global', null, 'unavailable'],
    ]);
    expect(rejected).toMatchObject([{ reason: 'price_missing', row: '1V100.6V|FIN-01|spot' }]);
  });

  it('may give prices as numbers, in euros, with a disk', () => {
    const { offers } = batchOf(
      type({ price_per_hour: 1.5, currency: 'eur', spot_price: null, storage: { size_in_gigabytes: 225 } }),
    );
    expect(offers).toMatchObject([{ pricePerNodeHour: '1.5', currency: 'EUR', storageGb: 225 }]);
    expect(offers[0]?.attributes['price_includes']).toContain('disk');
  });

  it('without a currency are priced in the one that was asked for', () => {
    expect(batchOf(type({ currency: undefined })).offers).toMatchObject([{ currency: 'USD' }, { currency: 'USD' }]);
  });

  it('with only a spot price are spot, and their missing price is reported', () => {
    expect(batchOf(type({ price_per_hour: null }))).toMatchObject({
      offers: [{ pricing: 'spot' }],
      rejected: [{ reason: 'price_missing' }],
    });
  });

  it('with a confidential card are that card, and say so', () => {
    const row = type({
      gpu: { description: '1x H100 SXM5 80GB CC', number_of_gpus: 1 },
      gpu_memory: { size_in_gigabytes: 80 },
    });
    expect(batchOf(row).offers[0]).toMatchObject({
      gpuType: 'H100-SXM',
      upstreamGpuName: 'H100 SXM5 80GB CC',
      attributes: { confidential_computing: true },
    });
  });

  it.each([262, 268, 270, 288])('with a B300 of %d GB have the one card there is', (gb) => {
    const row = type({
      gpu: { description: '8x B300 SXM6', number_of_gpus: 8 },
      gpu_memory: { size_in_gigabytes: gb * 8 },
    });
    expect(batchOf(row).offers[0]).toMatchObject({ gpuType: 'B300', gpuMemoryGb: 288 });
  });

  it('without a description are named by their name, and counted by nothing else', () => {
    expect(batchOf(type({ gpu: { number_of_gpus: 2 } })).offers[0]).toMatchObject({ gpuType: 'RTX-A6000' });
    expect(batchOf(type({ gpu: { description: '4x L40S' }, gpu_memory: null })).offers[0]).toMatchObject({
      gpuCount: 4,
    });
  });

  it.each([
    ['a type without GPU', type({ gpu: { description: '', number_of_gpus: 0 } }), 'no_gpu'],
    ['a CPU type without sizes', type({ instance_type: 'CPU.4V.16G', gpu: null }), 'no_gpu'],
    ['a type without count', type({ gpu: null }), 'missing_field'],
    ['half a GPU', type({ gpu: { number_of_gpus: 0.5 } }), 'missing_field'],
    [
      'a serverless type',
      type({ price_per_hour: null, spot_price: null, serverless_price: 2.5 }),
      'unsupported_product',
    ],
    ['a price of zero', type({ price_per_hour: '0.00', spot_price: '0.00' }), 'price_zero'],
    ['a placeholder', type({ price_per_hour: '9999', spot_price: null }), 'price_placeholder'],
    ['a word for a price', type({ price_per_hour: 'soon', spot_price: '' }), 'malformed'],
    ['a type without name', type({ instance_type: '' }), 'malformed'],
    ['something else', 7, 'malformed'],
  ])('are rejected: %s', (_what, row, reason) => {
    expect(batchOf(row)).toMatchObject({ offers: [], rejected: [{ reason }] });
  });
});

const CREDENTIALS = { client_id: 'verda-client-1', client_secret: 'verda-secret-1' };

/** A cloud with one type in stock, and whatever else a test gives it. */
const cloudWith = (answers: Readonly<Record<string, StubAnswer | StubHandler>> = {}): StubHandler =>
  routes({
    'POST /oauth2/token': { body: { access_token: 'token-1' } },
    'GET /instance-types': { body: [type()] },
    'GET /instance-availability': { body: listed('2A6000.20V') },
    'GET /ssh-keys': { body: [{ id: 'key-1' }, { id: 'key-2' }] },
    ...answers,
  });

describeAdapter(VerdaAdapter, {
  credentials: CREDENTIALS,
  cases: [
    {
      name: 'types and stock',
      cloud: cloudWith({
        'GET /instance-types': () => ({
          body: [
            type(),
            type({
              instance_type: '1R100.8V',
              gpu: { description: '1x R100 288GB', number_of_gpus: 1 },
              spot_price: null,
            }),
            type({ instance_type: 'CPU.4V.16G', gpu: { description: '', number_of_gpus: 0 } }),
          ],
        }),
      }),
      offers: 3,
      unknownGpus: ['R100 288GB'],
    },
    {
      name: 'a list with one bad entry',
      cloud: cloudWith({ 'GET /instance-types': () => ({ body: [7] }) }),
      offers: 0,
    },
  ],
});

const OFFER = '2A6000.20V|FIN-01|on_demand';

describeRenting(VerdaAdapter, {
  credentials: CREDENTIALS,
  booking: {
    offer: OFFER,
    notOffers: ['2A6000.20V'],
    cloud: (answer) => cloudWith({ 'POST /instances': answer }),
    // The token and the keys are asked for first.
    requests: 3,
    refusals: [
      [{ status: 503, body: { message: 'Not enough resources to deploy a 2 GPU instance' } }, 'capacity'],
      [{ body: { id: 1 } }, 'malformed'],
    ],
  },
});

describe('VerdaAdapter', () => {
  const to = connectAdapter(VerdaAdapter);

  const sent = (method: string, path: string) =>
    to.cloud.requests.find((request) => request.method === method && request.path === path);

  it('asks without a key when it has none, or half of a pair', async () => {
    to.cloud.use(cloudWith());
    await to.adapter.pull({ credentials: null });
    await to.adapter.getOffers('verda-client-1');
    expect(to.cloud.requests.map(({ url }) => url)).toEqual(
      [0, 1].flatMap(() => [
        '/instance-types?currency=usd',
        '/instance-availability?is_spot=false',
        '/instance-availability?is_spot=true',
      ]),
    );
    expect(to.cloud.requests.every(({ headers }) => headers.authorization === undefined)).toBe(true);
  });

  it('signs in first when it has a key', async () => {
    to.cloud.use(cloudWith());
    await to.adapter.pull({ credentials: CREDENTIALS });
    expect(to.cloud.requests.map(({ headers }) => headers.authorization)).toEqual([
      undefined,
      'Bearer token-1',
      'Bearer token-1',
      'Bearer token-1',
    ]);
  });

  it.each([[{ status: 401 }], [{ status: 404 }], [{ body: { locations: [] } }]])(
    'keeps the prices, of unknown stock, when the stock list answers %j',
    async (answer) => {
      to.cloud.use(cloudWith({ 'GET /instance-availability': () => answer }));
      const { offers } = await to.adapter.pull({ credentials: null });
      expect(offers.map(({ availability }) => availability)).toEqual(['unknown', 'unknown']);
    },
  );

  it('keeps the stock of the other locations when one cannot be read', async () => {
    const lists = [null, { location_code: 'FIN-09' }, { location_code: 'FIN-02', availabilities: ['2A6000.20V', 7] }];
    to.cloud.use(cloudWith({ 'GET /instance-availability': () => ({ body: lists }) }));
    const { offers } = await to.adapter.pull({ credentials: null });
    expect(offers).toMatchObject([
      { region: 'fin-02', availability: 'available' },
      { region: 'fin-02', availability: 'available' },
    ]);
  });

  it('knows nothing of the stock when no location can be read', async () => {
    to.cloud.use(cloudWith({ 'GET /instance-availability': () => ({ body: [{ location: 'FIN-01' }] }) }));
    const { offers } = await to.adapter.pull({ credentials: null });
    expect(offers.map(({ availability }) => availability)).toEqual(['unknown', 'unknown']);
  });

  it('passes nothing on when the stock list fails', async () => {
    to.cloud.use(cloudWith({ 'GET /instance-availability': () => ({ status: 500 }) }));
    await expect(to.adapter.pull({ credentials: null })).rejects.toMatchObject({ reason: 'status_5xx' });
  });

  it.each([
    [{ 'GET /balance': () => ({ body: { amount: 1 } }) }, true],
    [{ 'GET /balance': () => ({ status: 403 }) }, false],
    [{ 'POST /oauth2/token': () => ({ status: 400 }) }, false],
    [{ 'POST /oauth2/token': () => ({ status: 401 }) }, false],
  ])('takes %j for credentials that work: %p', async (answers, valid) => {
    to.cloud.use(cloudWith(answers));
    expect(await to.adapter.validateCredentials(CREDENTIALS)).toBe(valid);
  });

  it.each([
    [{ 'POST /oauth2/token': () => ({ status: 500 }) }, 'status_5xx'],
    [{ 'POST /oauth2/token': () => ({ body: {} }) }, 'malformed'],
  ])('cannot say whether credentials work when the cloud fails', async (answers, reason) => {
    to.cloud.use(cloudWith(answers));
    await expect(to.adapter.validateCredentials(CREDENTIALS)).rejects.toMatchObject({ reason });
  });

  it('books on demand, and takes the id that comes as plain text', async () => {
    to.cloud.use(
      cloudWith({ 'POST /instances': () => ({ status: 202, body: '00000000-aaaa-4000-8000-000000000001\n' }) }),
    );
    const booked = await to.adapter.bookInstance(OFFER, 4, {
      credentials: CREDENTIALS,
      label: 'Booking 1',
      diskGb: 200,
    });
    expect(booked).toMatchObject({ instanceId: '00000000-aaaa-4000-8000-000000000001', durationHours: 4 });
    expect(JSON.parse(sent('POST', '/instances')?.body ?? '')).toMatchObject({
      instance_type: '2A6000.20V',
      ssh_key_ids: ['key-1', 'key-2'],
      hostname: 'booking-1',
      description: 'Booking 1',
      location_code: 'FIN-01',
      is_spot: false,
      contract: 'PAY_AS_YOU_GO',
      os_volume: { size: 200 },
    });
  });

  it('books spot as spot, where a location has it now', async () => {
    to.cloud.use(cloudWith({ 'POST /instances': () => ({ status: 202, body: '"id-2"' }) }));
    const booked = await to.adapter.bookInstance('2A6000.20V|none|spot', 1, { credentials: CREDENTIALS, label: '!' });
    expect(booked.instanceId).toBe('id-2');
    const body = JSON.parse(sent('POST', '/instances')?.body ?? '') as Record<string, unknown>;
    expect(body).toMatchObject({ is_spot: true, location_code: 'FIN-01', hostname: 'gpubroker' });
    expect(body).not.toHaveProperty('contract');
    expect(sent('GET', '/instance-availability')?.query.get('is_spot')).toBe('true');
  });

  it.each([
    ['nowhere in stock', '1V100.6V|none|on_demand', {}, { reason: 'capacity' }],
    ['without SSH keys', OFFER, { 'GET /ssh-keys': () => ({ body: [] }) }, { name: 'InvalidBookingError' }],
    ['with another list of keys', OFFER, { 'GET /ssh-keys': () => ({ body: {} }) }, { reason: 'malformed' }],
  ])('fails to book what is %s', async (_what, offerId, answers: Record<string, StubHandler>, error) => {
    to.cloud.use(cloudWith(answers));
    await expect(to.adapter.bookInstance(offerId, 1, { credentials: CREDENTIALS })).rejects.toMatchObject(error);
    expect(
      to.cloud.requests.filter(({ method, path }) => method === 'POST' && path === '/instances').length,
    ).toBeLessThan(2);
  });

  it('deletes a machine with all its volumes', async () => {
    to.cloud.use(
      cloudWith({
        'GET /instances/id-1': () => ({ body: { os_volume_id: 'vol-0', volume_ids: ['vol-0', 'vol-1'] } }),
        'PUT /instances': () => ({ status: 202, body: '' }),
      }),
    );
    await to.adapter.terminate('id-1', { credentials: CREDENTIALS });
    expect(JSON.parse(sent('PUT', '/instances')?.body ?? '')).toEqual({
      id: 'id-1',
      action: 'delete',
      volume_ids: ['vol-0', 'vol-1'],
    });
  });

  it('is content when the machine is gone already, and not when the cloud fails', async () => {
    to.cloud.use(cloudWith());
    await expect(to.adapter.terminate('id-1', { credentials: CREDENTIALS })).resolves.toBeUndefined();
    to.cloud.use(cloudWith({ 'GET /instances/id-1': () => ({ body: [] }) }));
    await expect(to.adapter.terminate('id-1', { credentials: CREDENTIALS })).rejects.toMatchObject({
      reason: 'malformed',
    });
    to.cloud.use(cloudWith({ 'GET /instances/id-1': () => ({ body: {} }), 'PUT /instances': () => ({ status: 500 }) }));
    await expect(to.adapter.terminate('id-1', { credentials: CREDENTIALS })).rejects.toMatchObject({
      reason: 'status_5xx',
    });
  });
});

describeWithShared('recorded answers of Verda', (shared) => {
  const read = (file: string): unknown[] =>
    JSON.parse(readFileSync(join(shared, 'data', 'upstreams', 'verda', file), 'utf8')) as unknown[];
  const recorded = (): OfferBatch =>
    verdaBatch(read('1-instance-types-2023-11.json'), {
      on_demand: null,
      spot: stockFrom(verdaAvailability.parse(read('2-instance-availability-spot-2023-11.json'))),
    });

  it.each([
    ['1H100.80S.30V|none|on_demand', 'H100-SXM', 1, 80, '3.95', '3.95', 'global', 'unknown'],
    ['1H100.80S.30V|none|spot', 'H100-SXM', 1, 80, '1.7', '1.7', 'global', 'unavailable'],
    ['2A6000.20V|none|on_demand', 'RTX-A6000', 2, 48, '0.99', '1.98', 'global', 'unknown'],
    ['2A6000.20V|FIN-01|spot', 'RTX-A6000', 2, 48, '0.35', '0.7', 'fin-01', 'available'],
    ['1V100.6V|FIN-01|spot', 'V100-16GB', 1, 16, '0.25', '0.25', 'fin-01', 'available'],
  ])('offer %s as %s × %d', (id, gpuType, gpuCount, gpuMemoryGb, perGpu, perNode, region, availability) => {
    expect(recorded().offers.find(({ externalId }) => externalId === id)).toMatchObject({
      gpuType,
      gpuCount,
      gpuMemoryGb,
      pricePerGpuHour: perGpu,
      pricePerNodeHour: perNode,
      currency: 'USD',
      region,
      availability,
    });
  });

  it('hold no other offers, and report stock that has no price', () => {
    const { offers, rejected } = recorded();
    expect(offers).toHaveLength(6);
    const reasons = new Map(rejected.map(({ row, reason }) => [row, reason]));
    expect(reasons.get('CPU.120V.480G')).toBe('no_gpu');
    expect(reasons.get('1A100.22V|FIN-01|spot')).toBe('price_missing');
    expect(reasons.get('8RTX6000ADA.80V|FIN-01|spot')).toBe('price_missing');
    expect(reasons.get('CPU.4V.16G|FIN-01,ICE-01|spot')).toBe('no_gpu');
  });

  it('of serverless types make no machine', () => {
    const { offers, rejected } = verdaBatch(read('3-container-types-2026-08.json'), UNKNOWN);
    expect(offers).toEqual([]);
    expect(new Set(rejected.map(({ reason }) => reason))).toEqual(new Set(['unsupported_product', 'no_gpu']));
  });

  it('of serverless types name cards that are recognised', () => {
    const asMachines = read('3-container-types-2026-08.json').map((row) => {
      const { serverless_price, ...rest } = row as Record<string, unknown>;
      return { ...rest, price_per_hour: serverless_price };
    });
    const { offers } = verdaBatch(asMachines, UNKNOWN);
    expect(
      offers.map(({ gpuType, gpuCount, gpuMemoryGb, pricePerGpuHour }) => [
        gpuType,
        gpuCount,
        gpuMemoryGb,
        pricePerGpuHour,
      ]),
    ).toEqual([
      ['B300', 1, 288, '8.25'],
      ['B300', 8, 288, '8.25'],
      ['B200', 8, 180, '6.72125'],
      ['H200-SXM', 8, 141, '4.4'],
      ['H100-SXM', 2, 80, '3.575'],
      ['RTX-PRO-6000', 8, 96, '2.07875'],
      ['L40S', 8, 48, '1.5075'],
    ]);
  });
});
