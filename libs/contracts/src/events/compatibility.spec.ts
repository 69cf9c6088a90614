import { z } from 'zod';
import { eventCatalog, offers, PRODUCT_EVENTS, priceUpdates, type EventContract } from './index';

/** The wire as version 1 was first published. Never edit these: they stand for producers that are still running. */
const FIRST_PUBLISHED: Record<string, Record<string, unknown>> = {
  price_updates: {
    event_id: '0190d3f2-8f5e-4c7b-9a51-0d1d6c1f3a10',
    offer_id: 'o-1',
    provider: 'vastai',
    gpu_type: 'H100-SXM',
    region: 'us-east',
    old_price: null,
    new_price: 2.3999,
    currency: 'USD',
    availability_status: 'available',
    timestamp: '2026-11-21T10:00:00.123Z',
  },
  offers: {
    offer_id: 'o-1',
    provider: 'vastai',
    external_id: '77|on_demand',
    gpu_type: 'H100-SXM',
    gpu_count: 8,
    price_per_hour: 2.4,
    currency: 'USD',
    pricing: 'on_demand',
    region: 'us-east',
    availability_status: 'available',
    source: 'live',
    observed_at: '2026-11-21T10:00:00.123Z',
  },
  provider_syncs: {
    provider: 'vastai',
    ok: true,
    latency_ms: 812.5,
    offers: 64,
    status: 'ok',
    at: '2026-11-21T10:00:00.123Z',
  },
  interactions: { user: 'u-1', tenant: 't-1', offer: 'o-1', kind: 'viewed', at: '2026-11-21T10:00:00.123Z' },
  audit_events: {
    user_id: null,
    tenant_id: null,
    action: 'provider.deactivated',
    resource_type: 'provider',
    at: '2026-11-21T10:00:00.123Z',
  },
  access_changes: {
    kind: 'session_ended',
    session_id: '7d0f9f4c-3c58-4f61-8a6c-6a0c4f0d5b11',
    user_id: 'c3a1c9de-0b7f-4f6e-9d62-2a64d1f0a0aa',
    at: '2026-11-21T10:00:00.123Z',
  },
};

const contracts = [...PRODUCT_EVENTS.values()];
const current = (contract: EventContract<unknown>) => contract.versions[contract.version]!;

describe.each(contracts.map((contract) => [contract.topic, contract] as const))('%s', (topic, contract) => {
  const first = FIRST_PUBLISHED[topic]!;

  it('reads an event of the first producer', () => {
    expect(contract.versions[1]!.parse(first)).toMatchObject(first);
  });

  it('ignores members that a newer producer added', () => {
    expect(current(contract).parse({ ...first, member_of_tomorrow: { deep: [1] } })).toEqual(
      current(contract).parse(first),
    );
  });

  it.each(Object.keys(first))('refuses an event without %s', (member) => {
    const { [member]: _left, ...rest } = first;
    expect(current(contract).safeParse(rest).success).toBe(false);
  });

  it('has a key', () => {
    expect(contract.key(current(contract).parse(first))).not.toBe('');
  });
});

describe('a newer producer and an older consumer', () => {
  const newer: EventContract<{ name: string; colour: string }> = {
    topic: 'things',
    version: 2,
    versions: {
      1: z.object({ name: z.string() }).transform((old) => ({ ...old, colour: 'unknown' })),
      2: z.object({ name: z.string(), colour: z.string() }),
    },
    compacted: false,
    key: (thing) => thing.name,
  };

  it('reads the older version as today’s payload', () => {
    expect(newer.versions[1]!.parse({ name: 'a' })).toEqual({ name: 'a', colour: 'unknown' });
  });

  it('has no schema for a version it does not know', () => {
    expect(newer.versions[3]).toBeUndefined();
  });
});

describe('the values', () => {
  const update = FIRST_PUBLISHED['price_updates']!;

  it.each([0, 2.3999, 0.0001, 1234.5])('takes the price %p', (price) => {
    expect(current(priceUpdates).safeParse({ ...update, new_price: price }).success).toBe(true);
  });

  it.each([-1, 0.00001, 2.39999, Number.NaN, Number.POSITIVE_INFINITY, '2.4', null])(
    'refuses the price %p',
    (price) => {
      expect(current(priceUpdates).safeParse({ ...update, new_price: price }).success).toBe(false);
    },
  );

  it.each(['2026-11-21', '2026-11-21T10:00:00+02:00', 'yesterday'])('refuses the time %s', (timestamp) => {
    expect(current(priceUpdates).safeParse({ ...update, timestamp }).success).toBe(false);
  });

  it('fills what an offer does not say with null', () => {
    expect(current(offers).parse(FIRST_PUBLISHED['offers'])).toMatchObject({ macro_region: null, listed: true });
  });
});

describe('the catalog', () => {
  it('refuses a current version without a schema', () => {
    expect(() => eventCatalog([{ ...priceUpdates, version: 9 }])).toThrow('version 9 has no schema');
  });

  it('refuses one topic defined twice', () => {
    expect(() => eventCatalog([priceUpdates, priceUpdates])).toThrow('defined twice');
  });
});
