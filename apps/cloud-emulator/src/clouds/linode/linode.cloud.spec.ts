import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import { ask, type Asked } from '../../../test/ask';
import type { EmulatedCloud } from '../emulated-cloud';
import { linodeCloud } from './linode.cloud';

interface Page<T> {
  data: T[];
  page: number;
  pages: number;
  results: number;
}
interface Plan extends Record<string, unknown> {
  id: string;
  price: { hourly: number };
}
interface Place {
  region: string;
  plan: string;
  available: boolean;
}

const newCloud = (now: () => number = Date.now) => linodeCloud({ seed: 1, speed: 1, now });
const send = (cloud: EmulatedCloud, path: string, asked: Asked = {}) =>
  ask(cloud, path, { key: 'emulator-key', ...asked });
const list = <T>(cloud: EmulatedCloud, path: string, query: Record<string, string> = {}) =>
  ask(cloud, path, { query }).body as Page<T>;
const machine = (changes: object = {}) => ({
  type: 'g1-gpu-rtx6000-1',
  region: 'us-southeast',
  image: 'linode/ubuntu24.04',
  root_pass: 'a-very-long-secret',
  label: 'run-1',
  ...changes,
});

describeWithShared('Linode plans beside recorded ones', (shared) => {
  it('are the recorded ones before anything moved', () => {
    const file = join(shared, 'data', 'upstreams', 'linode', '1-types.json');
    const recorded = (JSON.parse(readFileSync(file, 'utf8')) as Page<Plan>).data;
    for (const plan of list<Plan>(newCloud(), '/v4/linode/types').data) {
      expect(plan).toEqual(recorded.find(({ id }) => id === plan.id));
    }
  });
});

describe('Linode lists', () => {
  it('are public, and come in pages', () => {
    const cloud = newCloud();
    const first = list<Place>(cloud, '/v4/regions/availability', { page_size: '25' });
    expect(first).toMatchObject({ page: 1, pages: Math.ceil(first.results / 25) });
    expect(list<Place>(cloud, '/v4beta/regions/availability', { page: '99' }).data).toEqual([]);
    expect(list<Plan>(cloud, '/v4/linode/types').results).toBe(5);
  });

  it('have stock of plans that have no price', () => {
    const cloud = newCloud();
    const priced = new Set(list<Plan>(cloud, '/v4/linode/types').data.map(({ id }) => id));
    const unpriced = list<Place>(cloud, '/v4/regions/availability').data.filter(
      ({ plan }) => !priced.has(plan) && plan.includes('gpu'),
    );
    expect(new Set(unpriced.filter(({ available }) => available).map(({ region }) => region))).toEqual(
      new Set(['us-ord', 'fr-par', 'us-sea']),
    );
  });

  it('say false of what is not there, and change', () => {
    const cloud = newCloud();
    const seen = new Set<string>();
    for (let hour = 0; hour < 48; hour += 1) {
      seen.add(JSON.stringify(list<Place>(cloud, '/v4/regions/availability').data));
      for (let step = 0; step < 60; step += 1) cloud.market.step();
    }
    expect(seen.size).toBeGreaterThan(3);
    expect(list<Place>(cloud, '/v4/regions/availability').data).toContainEqual({
      region: 'us-west',
      plan: 'g1-gpu-rtx6000-1',
      available: false,
    });
  });

  it.each<Record<string, string>>([{ page: '0' }, { page_size: '5' }, { page_size: '1000' }])('refuse %j', (query) => {
    expect(ask(newCloud(), '/v4/linode/types', { query }).status).toBe(400);
  });

  it('are 429 after two hundred within a minute', () => {
    const cloud = newCloud(() => 0);
    const statuses = Array.from({ length: 201 }, () => ask(cloud, '/v4/linode/types').status);
    expect(statuses.slice(0, 200).every((status) => status === 200)).toBe(true);
    expect(statuses.at(-1)).toBe(429);
  });
});

describe('Linode booking', () => {
  it('makes a machine and takes it back', () => {
    const cloud = newCloud();
    const { status, body } = send(cloud, '/v4/linode/instances', { body: machine() });
    expect({ status, body }).toMatchObject({ status: 200, body: { status: 'provisioning', label: 'run-1' } });
    const { id } = body as { id: number };
    expect(send(cloud, '/v4/linode/instances').body).toMatchObject({ data: [{ id }] });
    expect(send(cloud, `/v4/linode/instances/${id}`, { method: 'DELETE', key: 'emulator-other' }).status).toBe(404);
    expect(send(cloud, `/v4/linode/instances/${id}`, { method: 'DELETE' }).status).toBe(200);
    expect(send(cloud, `/v4/linode/instances/${id}`, { method: 'DELETE' }).status).toBe(404);
  });

  it('names a machine that has no label, and runs out', () => {
    const cloud = newCloud();
    const answers = Array.from({ length: 5 }, () =>
      send(cloud, '/v4/linode/instances', { body: machine({ label: undefined }) }),
    );
    expect(answers[0]?.body).toMatchObject({ label: expect.stringMatching(/^linode\d+$/) as string });
    expect(answers.at(-1)?.status).toBe(400);
  });

  it.each([
    ['a region that has none', { region: 'us-west' }],
    ['another plan', { type: 'g6-nanode-1' }],
    ['no password', { root_pass: '' }],
  ])('refuses %s', (_what, changes) => {
    expect(send(newCloud(), '/v4/linode/instances', { body: machine(changes) }).status).toBe(400);
  });

  it('fails as HTTP 500 with a text when nothing is left', () => {
    expect(send(newCloud(), '/v4/linode/instances', { body: machine(), soldOut: true })).toMatchObject({
      status: 500,
      body: expect.stringContaining('out of capacity') as string,
    });
  });

  it('knows its own keys only', () => {
    expect(send(newCloud(), '/v4/profile').body).toMatchObject({ username: 'emulator' });
    expect(ask(newCloud(), '/v4/profile').status).toBe(401);
    expect(ask(newCloud(), '/v4/profile', { key: 'real' }).status).toBe(401);
    expect(send(newCloud(), '/v4/domains').status).toBe(404);
  });
});
