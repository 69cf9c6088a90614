import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import { ask, type Asked, request } from '../../../test/ask';
import { microUsd } from '../../market/money';
import type { EmulatedCloud } from '../emulated-cloud';
import { lambdaCloud } from './lambda.cloud';

const KEY = 'emulator-key';

interface Listed {
  readonly instance_type: Readonly<Record<string, unknown>> & { readonly price_cents_per_hour: number };
  readonly regions_with_capacity_available: { readonly name: string }[];
}

const newCloud = (seed = 1) => lambdaCloud({ seed, speed: 1, now: () => 0 });
const send = (cloud: EmulatedCloud, path: string, asked: Asked = {}) => ask(cloud, path, { key: KEY, ...asked });
const types = (cloud: EmulatedCloud) => (send(cloud, '/instance-types').body as { data: Record<string, Listed> }).data;
const steps = (cloud: EmulatedCloud, count: number) => {
  for (let step = 0; step < count; step += 1) cloud.market.step();
};
const launch = (cloud: EmulatedCloud, type: string, region: string, asked: Asked = {}) =>
  send(cloud, '/instance-operations/launch', {
    body: { instance_type_name: type, region_name: region, ssh_key_names: ['emulator'], name: 'b-1' },
    ...asked,
  });
/** A type and a region that has it. */
function inStock(cloud: EmulatedCloud): readonly [type: string, region: string] {
  const found = Object.entries(types(cloud)).find(([, listed]) => listed.regions_with_capacity_available.length > 0);
  return [found?.[0] ?? '', found?.[1].regions_with_capacity_available[0]?.name ?? ''];
}

describeWithShared('instance types beside a recorded answer', (shared) => {
  const recording = join(shared, 'data/upstreams/lambda/1-instance-types.json');
  const recorded = (JSON.parse(readFileSync(recording, 'utf8')) as { data: Record<string, Listed> }).data;

  it('are the recorded ones at the recorded prices', () => {
    const listed = types(newCloud());
    for (const [name, { instance_type }] of Object.entries(recorded)) {
      expect(listed[name]?.instance_type).toEqual(instance_type);
    }
  });

  it('have stock only in regions of the recorded names', () => {
    const named = new Set(
      Object.values(recorded).flatMap((one) => one.regions_with_capacity_available.map(({ name }) => name)),
    );
    const seen = Object.values(types(newCloud())).flatMap((one) =>
      one.regions_with_capacity_available.map(({ name }) => name),
    );
    expect(seen.filter((name) => !named.has(name))).toEqual([]);
    expect(seen.length).toBeGreaterThan(0);
  });
});

describe('Lambda', () => {
  it.each([undefined, 'a-real-key', 'emulator-'])('refuses the key %p', (key) => {
    expect(ask(newCloud(), '/instance-types', { key })).toMatchObject({
      status: 401,
      body: { error: { code: 'global/invalid-api-key' } },
    });
  });

  it('takes its key as the user name of Basic credentials too', () => {
    const basic = `Basic ${Buffer.from(`${KEY}:`).toString('base64')}`;
    const reply = newCloud().answer({ ...request('/regions'), headers: { authorization: basic } });
    expect(reply.status).toBe(200);
  });

  it('allows sixty requests and five launches a minute', () => {
    const cloud = newCloud();
    const [type, region] = inStock(cloud);
    const launches = Array.from({ length: 6 }, () => launch(cloud, type, region).status);
    expect(launches.at(-1)).toBe(429);
    expect(launches.slice(0, 5)).not.toContain(429);
    const answers = Array.from({ length: 60 }, () => send(cloud, '/instances').status);
    expect(answers.at(-1)).toBe(429);
  });

  it('lists a type without a GPU', () => {
    expect(types(newCloud())['cpu_4x_general']).toMatchObject({
      instance_type: { gpu_description: 'N/A', specs: { gpus: 0 } },
      regions_with_capacity_available: [],
    });
  });

  it('moves stock within hours, and prices seldom and in whole cents', () => {
    const cloud = lambdaCloud({ seed: 1, speed: 1_000, now: () => 0 });
    const stock = new Set<string>();
    const prices = new Set<number>();
    for (let hour = 0; hour < 48; hour += 1) {
      const listed = types(cloud);
      stock.add(JSON.stringify(Object.values(listed).map((one) => one.regions_with_capacity_available.length)));
      prices.add(listed['gpu_8x_h100_sxm5']?.instance_type.price_cents_per_hour ?? 0);
      steps(cloud, 60);
    }
    expect(stock.size).toBeGreaterThan(10);
    expect(prices.size).toBeLessThan(6);
    expect([...prices].every(Number.isInteger)).toBe(true);
  });

  it('shows a pinned price in cents', () => {
    const cloud = newCloud();
    cloud.market.pin('gpu_1x_a10 us-east-1', microUsd('1.29'));
    expect(types(cloud)['gpu_1x_a10']?.instance_type.price_cents_per_hour).toBe(129);
  });

  it('launches, shows and terminates a machine, and takes it out of stock meanwhile', () => {
    const cloud = newCloud();
    const [type, region] = inStock(cloud);
    const free = cloud.market.quote(`${type} ${region}`)?.free ?? 0;
    const { data } = launch(cloud, type, region).body as { data: { instance_ids: [string] } };
    const [id] = data.instance_ids;
    expect(id).toMatch(/^\d{32}$/);
    expect(send(cloud, '/instances').body).toMatchObject({ data: [{ id, name: 'b-1', region: { name: region } }] });
    expect(send(cloud, '/instances', { key: 'emulator-other' }).body).toEqual({ data: [] });
    expect(cloud.market.quote(`${type} ${region}`)?.free).toBe(free - 1);
    const ended = send(cloud, '/instance-operations/terminate', { body: { instance_ids: [id] } });
    expect(ended).toMatchObject({ status: 200, body: { data: { terminated_instances: [{ id }] } } });
    expect(cloud.market.quote(`${type} ${region}`)?.free).toBe(free);
  });

  it.each([
    [
      'another type',
      { instance_type_name: 'gpu_9x', region_name: 'us-east-1', ssh_key_names: ['a'] },
      404,
      'global/object-does-not-exist',
    ],
    [
      'a region without it',
      { instance_type_name: 'gpu_1x_a10', region_name: 'mars-1', ssh_key_names: ['a'] },
      400,
      'insufficient-capacity',
    ],
    [
      'two keys',
      { instance_type_name: 'gpu_1x_a10', region_name: 'us-east-1', ssh_key_names: ['a', 'b'] },
      400,
      'global/invalid-parameters',
    ],
  ])('does not launch %s', (_what, body, status, code) => {
    const answer = send(newCloud(), '/instance-operations/launch', { body });
    expect(answer.status).toBe(status);
    expect(JSON.stringify(answer.body)).toContain(code);
  });

  it('fails launches as HTTP 500 with a text when it is sold out, and lists on', () => {
    const cloud = newCloud();
    expect(launch(cloud, 'gpu_1x_a10', 'us-east-1', { soldOut: true })).toMatchObject({
      status: 500,
      body: expect.stringContaining('Not enough capacity') as unknown,
    });
    expect(send(cloud, '/instance-types', { soldOut: true }).status).toBe(200);
  });

  it.each([
    [{ instance_ids: ['00000000000000000000000000000001'] }, 404],
    [{}, 400],
  ])('terminates nothing for %j', (body, status) => {
    expect(send(newCloud(), '/instance-operations/terminate', { body }).status).toBe(status);
  });

  it('has SSH keys, and nothing elsewhere', () => {
    expect(send(newCloud(), '/ssh-keys').body).toMatchObject({ data: [{ name: 'emulator' }] });
    expect(send(newCloud(), '/filesystems').status).toBe(404);
  });
});
