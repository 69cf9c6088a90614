import { generateKeyPairSync } from 'node:crypto';
import type { BaseProviderAdapter, Credentials, ProviderOffer } from '@gpubroker/provider-adapter/adapter';
import { UpstreamHttp } from '@gpubroker/provider-adapter/upstream';
import { createProviderRegistry } from '../src/adapters/registry';
import { EmulatorProcess } from './support/emulator-process';

const registry = createProviderRegistry();
/** At least this many bookings per cloud, so that every pricing kind and region has had its turn. */
const BOOKINGS = 8;
const DEMONSTRATION_KEY = 'emulator-demonstration-key';

/** OCI signs its requests, so one of its credentials has to be a key that can sign. */
const PRIVATE_KEY = generateKeyPairSync('rsa', { modulusLength: 2048 })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();

const credentialsFor = (slug: string, value: string): Credentials =>
  Object.fromEntries(
    registry
      .getAdapter(slug)
      .facts.credentialFields.map((field) => [field, field === 'private_key' ? PRIVATE_KEY : value]),
  );

let emulator: EmulatorProcess;

beforeAll(async () => {
  emulator = await EmulatorProcess.start();
}, 60_000);

afterAll(() => emulator.stop());

describe.each(registry.listAdapters())('%s against its emulation', (slug) => {
  const Adapter = registry.getAdapter(slug);
  const credentials = credentialsFor(slug, DEMONSTRATION_KEY);
  let upstream: UpstreamHttp;
  let adapter: BaseProviderAdapter;
  let offers: readonly ProviderOffer[];

  beforeAll(async () => {
    upstream = new UpstreamHttp({ provider: slug, privateHosts: [new URL(emulator.url).host], attempts: 1 });
    adapter = new Adapter({ upstream, baseUrl: `${emulator.url}/${slug}` });
    await emulator.tell('__market', { provider: slug, action: 'freeze' });
    ({ offers } = await adapter.pull({ credentials }));
  });

  afterAll(() => upstream.close());

  const bookable = () =>
    offers.filter(({ availability, attributes }) => availability !== 'unavailable' && attributes.bookable !== false);

  it('lists offers that are what they should be', () => {
    expect(offers.length).toBeGreaterThan(5);
    expect(new Set(offers.map(({ externalId }) => externalId)).size).toBe(offers.length);
    expect(offers.filter(({ gpuMatch }) => gpuMatch === 'unknown').length).toBeLessThanOrEqual(offers.length * 0.05);
  });

  it('answers the probe, takes the right key and refuses another', async () => {
    expect(await adapter.probe()).toBe(true);
    expect(await adapter.validateCredentials(credentials)).toBe(true);
    expect(await adapter.validateCredentials(credentialsFor(slug, 'not-a-key'))).toBe(false);
  });

  if (Adapter.facts.bookable) {
    it('books on demand, terminates, and terminates again', async () => {
      const onDemand = bookable().filter(({ pricing }) => pricing === 'on_demand');
      for (const [at, offer] of onDemand.slice(0, BOOKINGS).entries()) {
        const booked = await adapter.bookInstance(offer.externalId, 1, { credentials, label: `test-${at}` });
        expect(booked).toMatchObject({
          provider: slug,
          offerId: offer.externalId,
          instanceId: expect.stringMatching(/./),
        });
        await adapter.terminate(booked.instanceId, { credentials });
        await adapter.terminate(booked.instanceId, { credentials });
      }
      expect(onDemand.length).toBeGreaterThan(0);
    }, 30_000);

    it('says when a card is sold out', async () => {
      await emulator.tell('__mode', { provider: slug, mode: 'capacity' });
      const offer = bookable().find(({ pricing }) => pricing === 'on_demand');
      await expect(
        adapter.bookInstance(offer?.externalId ?? '', 1, { credentials, label: 'sold-out' }),
      ).rejects.toMatchObject({ reason: 'capacity' });
      await emulator.tell('__mode', { provider: slug, mode: 'ok' });
    });
  }

  it.each([
    ['500', 'status_5xx'],
    ['garbage', 'malformed'],
  ])('fails as itself when the cloud answers with %s', async (mode, reason) => {
    await emulator.tell('__mode', { provider: slug, mode });
    await expect(adapter.pull({ credentials })).rejects.toMatchObject({ reason });
    await emulator.tell('__mode', { provider: slug, mode: 'ok' });
  });
});

it('sells at least 300 offers of 10 clouds and 30 models', async () => {
  const models = new Set<string>();
  let count = 0;
  for (const slug of registry.listAdapters()) {
    const Adapter = registry.getAdapter(slug);
    const upstream = new UpstreamHttp({ provider: slug, privateHosts: [new URL(emulator.url).host] });
    const credentials = credentialsFor(slug, DEMONSTRATION_KEY);
    const { offers } = await new Adapter({ upstream, baseUrl: `${emulator.url}/${slug}` }).pull({ credentials });
    await upstream.close();
    count += offers.length;
    for (const { gpuType } of offers) models.add(gpuType);
  }
  expect(count).toBeGreaterThanOrEqual(300);
  expect(registry.listAdapters().length).toBeGreaterThanOrEqual(10);
  expect(models.size).toBeGreaterThanOrEqual(30);
}, 60_000);
