import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import { ask, type Asked } from '../../../test/ask';
import type { EmulatedCloud } from '../emulated-cloud';
import { verdaCloud } from './verda.cloud';

const KEY = 'emulator-token';
type Row = Readonly<Record<string, unknown>>;
interface Location {
  readonly location_code: string;
  readonly availabilities: string[];
}

const newCloud = (seed = 1) => verdaCloud({ seed, speed: 1, now: () => 0 });
const send = (cloud: EmulatedCloud, path: string, asked: Asked = {}) => ask(cloud, path, { key: KEY, ...asked });
const types = (cloud: EmulatedCloud) => ask(cloud, '/instance-types', { query: { currency: 'usd' } }).body as Row[];
const type = (cloud: EmulatedCloud, name: string) => types(cloud).find((row) => row['instance_type'] === name);
const stock = (cloud: EmulatedCloud, isSpot: boolean) =>
  ask(cloud, '/instance-availability', { query: { is_spot: String(isSpot) } }).body as Location[];
const order = (name: string, location: string, changes: Row = {}) => ({
  instance_type: name,
  image: 'ubuntu-24.04',
  ssh_key_ids: ['k'],
  hostname: 'b-1',
  description: 'b-1',
  location_code: location,
  is_spot: false,
  ...changes,
});
function inStock(cloud: EmulatedCloud): readonly [type: string, location: string] {
  const found = stock(cloud, false).find(({ availabilities }) => availabilities.length > 2);
  const name = found?.availabilities.find((one) => type(cloud, one) !== undefined && !one.startsWith('CPU'));
  return [name ?? '', found?.location_code ?? ''];
}

describeWithShared('instance types beside a recorded answer', (shared) => {
  const recording = join(shared, 'data/upstreams/verda/1-instance-types-2023-11.json');
  const recorded = JSON.parse(readFileSync(recording, 'utf8')) as Row[];

  it('have every recorded member, in the recorded types', () => {
    const [row] = types(newCloud());
    for (const [member, value] of Object.entries(recorded[0] ?? {})) {
      // deploy_warning is a text or null.
      if (member !== 'deploy_warning') expect(typeof row?.[member]).toBe(typeof value);
    }
    expect(row).toHaveProperty('deploy_warning');
  });
});

describe('Verda', () => {
  it('prices whole machines in decimal text, and gives their memory in total', () => {
    expect(type(newCloud(), '2A6000.20V')).toMatchObject({
      price_per_hour: '0.98',
      spot_price: '0.34',
      gpu: { description: '2x RTX A6000 48GB', number_of_gpus: 2 },
      gpu_memory: { size_in_gigabytes: 96 },
      storage: { description: 'dynamic' },
    });
    expect(type(newCloud(), '1V100.6V')).toMatchObject({ storage: { size_in_gigabytes: 225 } });
  });

  it('lists a type without spot price and one without GPU', () => {
    expect(type(newCloud(), '1A100.40S.22V')).toMatchObject({ spot_price: null });
    expect(type(newCloud(), 'CPU.4V.16G')).toMatchObject({ gpu: { description: '', number_of_gpus: 0 } });
  });

  it('has names in stock that no type has', () => {
    const cloud = newCloud();
    const names = new Set(stock(cloud, true).flatMap(({ availabilities }) => availabilities));
    expect([...names].filter((name) => type(cloud, name) === undefined)).toEqual(['8RTX6000ADA.80V']);
  });

  it('keeps two stocks, for spot and on demand, that move', () => {
    const cloud = newCloud();
    const seen = new Set<string>();
    for (let hour = 0; hour < 24; hour += 1) {
      expect(stock(cloud, true)).not.toEqual(stock(cloud, false));
      seen.add(JSON.stringify(stock(cloud, true)));
      for (let step = 0; step < 60; step += 1) cloud.market.step();
    }
    expect(seen.size).toBeGreaterThan(5);
  });

  it('trades a client secret for a token', () => {
    const pair = { grant_type: 'client_credentials', client_id: 'x', client_secret: 'emulator-secret' };
    expect(ask(newCloud(), '/oauth2/token', { body: pair })).toMatchObject({
      status: 200,
      body: { access_token: KEY },
    });
    expect(ask(newCloud(), '/oauth2/token', { body: { ...pair, client_secret: 'real' } }).status).toBe(401);
    expect(ask(newCloud(), '/oauth2/token', { body: {} }).status).toBe(400);
  });

  it('shows prices to everybody but the bearer of another key, and accounts only to its own', () => {
    expect(ask(newCloud(), '/instance-types').status).toBe(200);
    expect(ask(newCloud(), '/instance-types', { key: 'real' }).status).toBe(401);
    expect(ask(newCloud(), '/balance').status).toBe(401);
    expect(send(newCloud(), '/balance').body).toMatchObject({ currency: 'usd' });
    expect(send(newCloud(), '/instance-types', { query: { currency: 'eur' } }).status).toBe(400);
  });

  it('deploys a machine and answers with its id as text, and deletes it', () => {
    const cloud = newCloud();
    const [name, location] = inStock(cloud);
    const lot = `${name} on_demand ${location}`;
    const free = cloud.market.quote(lot)?.free ?? 0;
    const created = send(cloud, '/instances', { body: order(name, location) });
    expect(created).toMatchObject({ status: 202, contentType: expect.stringContaining('text/plain') as unknown });
    const id = String(created.body);
    expect(send(cloud, `/instances/${id}`).body).toMatchObject({ id, instance_type: name, location, volume_ids: [] });
    expect(cloud.market.quote(lot)?.free).toBe(free - 1);
    expect(send(cloud, '/instances', { method: 'PUT', body: { id, action: 'delete' } }).status).toBe(202);
    expect(send(cloud, `/instances/${id}`).status).toBe(404);
    expect(send(cloud, '/instances', { method: 'PUT', body: { id, action: 'delete' } }).status).toBe(404);
    expect(cloud.market.quote(lot)?.free).toBe(free);
  });

  it.each([
    ['a type that is not there', order('9X.1V', 'FIN-01'), 400],
    ['spot of a type that has none', order('1A100.40S.22V', 'FIN-01', { is_spot: true }), 400],
    ['a location without it', order('1B300.30V', 'ICE-01'), 503],
    ['no SSH keys', order('1B300.30V', 'FIN-03', { ssh_key_ids: [] }), 400],
  ])('does not deploy %s', (_what, body, status) => {
    expect(send(newCloud(), '/instances', { body }).status).toBe(status);
  });

  it('says in its own words that a location has nothing left, and in a text when it is sold out', () => {
    expect(send(newCloud(), '/instances', { body: order('1B300.30V', 'ICE-01') }).body).toMatchObject({
      message: 'Not enough resources to deploy a 1 GPU instance type 1B300.30V in ICE-01',
    });
    expect(send(newCloud(), '/instances', { body: order('1B300.30V', 'FIN-03'), soldOut: true }).status).toBe(500);
  });

  it('knows one action, its keys and locations, and nothing elsewhere', () => {
    expect(send(newCloud(), '/instances', { method: 'PUT', body: { id: 'x', action: 'boot' } }).status).toBe(400);
    expect(send(newCloud(), '/ssh-keys').body).toHaveLength(1);
    expect(send(newCloud(), '/locations').body).toHaveLength(4);
    expect(send(newCloud(), '/volumes').status).toBe(404);
  });
});
