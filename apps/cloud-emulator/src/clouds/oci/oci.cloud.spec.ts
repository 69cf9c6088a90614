import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import { ask, request } from '../../../test/ask';
import type { EmulatedCloud } from '../emulated-cloud';
import { ociCloud } from './oci.cloud';

interface Item {
  readonly partNumber: string;
  readonly displayName: string;
  readonly currencyCodeLocalizations: { readonly prices: { readonly value: number }[] }[];
}

const NOW = Date.parse('2026-08-14T09:00:00Z');
const newCloud = () => ociCloud({ seed: 1, speed: 1, now: () => NOW });
const items = (cloud: EmulatedCloud) =>
  (ask(cloud, '/products/', { query: { currencyCode: 'USD' } }).body as { items: Item[] }).items;
const priceOf = (cloud: EmulatedCloud, part: string) =>
  items(cloud).find(({ partNumber }) => partNumber === part)?.currencyCodeLocalizations[0]?.prices[0]?.value;

interface Signing {
  readonly tenancy?: string;
  readonly date?: string;
  readonly signed?: string;
  readonly digestOf?: unknown;
}

/** Headers as a client signs; the signature itself is nothing that the emulator could check. */
function signature(body: unknown, { tenancy = 'emulator-tenancy', date, signed, digestOf = body }: Signing = {}) {
  const names =
    signed ?? `date (request-target) host${body === undefined ? '' : ' content-length content-type x-content-sha256'}`;
  return {
    date: date ?? new Date(NOW).toUTCString(),
    'x-content-sha256': createHash('sha256')
      .update(digestOf === undefined ? '' : JSON.stringify(digestOf))
      .digest('base64'),
    authorization: `Signature version="1",keyId="${tenancy}/user/aa:bb",algorithm="rsa-sha256",headers="${names}",signature="c2ln"`,
  };
}

function signed(
  cloud: EmulatedCloud,
  path: string,
  asked: { method?: string; body?: unknown; soldOut?: boolean } = {},
  signing?: Signing,
) {
  const reply = cloud.answer({ ...request(`/20160918${path}`, asked), headers: signature(asked.body, signing) });
  return {
    status: reply.status,
    body: (reply.contentType === 'application/json' ? JSON.parse(reply.body) : reply.body) as unknown,
  };
}

const order = (shape: string) => ({
  availabilityDomain: 'emul:EU-EMULATOR-1-AD-1',
  compartmentId: 'ocid1.compartment.oc1..emulator',
  shape,
  displayName: 'b-1',
  createVnicDetails: { subnetId: 'subnet' },
  sourceDetails: { sourceType: 'image', imageId: 'image' },
});

describeWithShared('prices beside a recorded list', (shared) => {
  const recording = join(shared, 'data/upstreams/oci/2-products-2026-08.json');
  const recorded = (JSON.parse(readFileSync(recording, 'utf8')) as { items: Item[] }).items;

  it('are recorded items, members and all', () => {
    const byPart = new Map(recorded.map((item) => [item.partNumber, item]));
    const emulated = items(newCloud()).filter(({ partNumber }) => byPart.has(partNumber));
    expect(emulated.length).toBeGreaterThan(20);
    for (const item of emulated) expect(byPart.get(item.partNumber)).toMatchObject(item);
  });
});

describe('OCI', () => {
  it('lists prices without a key, per GPU, with licences and tiers among them', () => {
    const cloud = newCloud();
    expect(priceOf(cloud, 'B98415')).toBe(10);
    expect(items(cloud).map(({ displayName }) => displayName)).toContain('OCI - NVIDIA AI Enterprise - H100');
    expect(priceOf(cloud, 'B93297')).toBe(0);
  });

  it('answers the list to a GET in dollars only', () => {
    expect(ask(newCloud(), '/products', { body: {} }).status).toBe(405);
    expect(ask(newCloud(), '/products', { query: { currencyCode: 'EUR' } }).status).toBe(400);
    expect(ask(newCloud(), '/elsewhere').status).toBe(404);
  });

  it('changes its list a few times a year', () => {
    const cloud = newCloud();
    const before = JSON.stringify(items(cloud));
    for (let step = 0; step < 24 * 60; step += 1) cloud.market.step();
    const changed = items(cloud).filter(
      (item, index) => JSON.stringify(item) !== JSON.stringify((JSON.parse(before) as Item[])[index]),
    );
    expect(changed.length).toBeLessThan(3);
  });

  it.each([
    ['a key that is none of the emulator', { tenancy: 'ocid1.tenancy.oc1..real' }],
    ['a clock that is wrong by six minutes', { date: new Date(NOW - 360_000).toUTCString() }],
    ['no date', { date: '' }],
    ['an unsigned host', { signed: 'date (request-target)' }],
  ])('refuses a signature with %s', (_what, signing) => {
    expect(signed(newCloud(), '/regions', {}, signing)).toMatchObject({
      status: 401,
      body: { code: 'NotAuthenticated' },
    });
  });

  it('refuses a bearer token, and a body under another digest', () => {
    expect(ask(newCloud(), '/20160918/regions', { key: 'emulator-key' }).status).toBe(401);
    expect(signed(newCloud(), '/instances/', { body: order('VM.GPU2.1') }, { digestOf: {} }).status).toBe(401);
    expect(
      signed(newCloud(), '/instances/', { body: order('VM.GPU2.1') }, { signed: 'date (request-target) host' }).status,
    ).toBe(401);
  });

  it('tells what a launch needs', () => {
    const cloud = newCloud();
    expect(signed(cloud, '/regions').status).toBe(200);
    expect(signed(cloud, '/subnets/ocid1.subnet').body).toMatchObject({ id: 'ocid1.subnet', availabilityDomain: null });
    expect(signed(cloud, '/availabilityDomains/').body).toMatchObject([{ name: 'emul:EU-EMULATOR-1-AD-1' }]);
    expect(signed(cloud, '/images/').body).toHaveLength(1);
    expect(signed(cloud, '/vcns/').status).toBe(404);
  });

  it('launches a shape until the host is out of capacity, and terminates', () => {
    const cloud = newCloud();
    const lot = 'B98415 BM.GPU.H100.8';
    const free = cloud.market.quote(lot)?.free ?? 0;
    const launches = Array.from({ length: free + 1 }, () =>
      signed(cloud, '/instances/', { body: order('BM.GPU.H100.8') }),
    );
    expect(launches.at(-1)).toMatchObject({ status: 500, body: { message: 'Out of host capacity.' } });
    const { id } = launches[0]?.body as { id: string };
    expect(launches[0]).toMatchObject({
      status: 200,
      body: { displayName: 'b-1', shape: 'BM.GPU.H100.8', lifecycleState: 'PROVISIONING' },
    });
    expect(signed(cloud, `/instances/${id}`, { method: 'DELETE' }).status).toBe(204);
    expect(signed(cloud, `/instances/${id}`, { method: 'DELETE' }).status).toBe(404);
    expect(cloud.market.quote(lot)?.free).toBe(1);
  });

  it('launches nothing of another shape, with half of the details, or when sold out', () => {
    expect(signed(newCloud(), '/instances/', { body: order('VM.Standard.E4') }).status).toBe(400);
    expect(signed(newCloud(), '/instances/', { body: { shape: 'VM.GPU2.1' } }).status).toBe(400);
    expect(signed(newCloud(), '/instances/', { body: order('VM.GPU2.1'), soldOut: true })).toMatchObject({
      status: 500,
      body: expect.stringContaining('out of capacity') as unknown,
    });
  });
});
