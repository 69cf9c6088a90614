import { request, type Asked } from '../../../test/ask';
import type { EmulatedCloud } from '../emulated-cloud';
import { shadeformCloud } from './shadeform.cloud';

interface Place {
  region: string;
  available: boolean;
  rental_type?: string;
  hourly_price?: string;
}
interface Type {
  cloud: string;
  shade_instance_type: string;
  num_gpus: number;
  hourly_price: number;
  availability: Place[];
}

const newCloud = () => shadeformCloud({ seed: 1, speed: 1, now: Date.now });

/** The key stands in a header of its own. */
function send(cloud: EmulatedCloud, path: string, asked: Asked = {}) {
  const { key = 'emulator-key', ...rest } = asked;
  const reply = cloud.answer({ ...request(path, rest), headers: key === '' ? {} : { 'x-api-key': key } });
  const isJson = reply.contentType === 'application/json';
  return { status: reply.status, body: (isJson ? JSON.parse(reply.body) : reply.body) as unknown };
}
const types = (cloud: EmulatedCloud, query: Record<string, string> = {}): Type[] =>
  (send(cloud, '/instances/types', { query }).body as { instance_types: Type[] }).instance_types;
const H100 = { cloud: 'hyperstack', shade_instance_type: 'H100', num_gpus: '1' };
const machine = (changes: object = {}) => ({
  cloud: 'hyperstack',
  region: 'canada-1',
  shade_instance_type: 'H100',
  shade_cloud: true,
  name: 'run 1',
  ...changes,
});
const steps = (cloud: EmulatedCloud, count: number) => {
  for (let step = 0; step < count; step += 1) cloud.market.step();
};

describe('Shadeform types', () => {
  it('are priced in whole cents for the whole machine', () => {
    const [type] = types(newCloud(), { cloud: 'hyperstack', shade_instance_type: 'H100x8' });
    expect(type).toMatchObject({ hourly_price: 1_520, num_gpus: 8, configuration: { vram_per_gpu_in_gb: 80 } });
  });

  it('have spot entries with a string in dollars beside on-demand ones', () => {
    const [type] = types(newCloud(), H100);
    expect(type?.availability.map(({ region, rental_type: kind, hourly_price: usd }) => [region, kind, usd])).toEqual([
      ['canada-1', 'on_demand', undefined],
      ['canada-1', 'spot', '1.52'],
      ['us-east-1', 'on_demand', undefined],
      ['us-east-1', 'spot', '1.52'],
    ]);
    const [plain] = types(newCloud(), { shade_instance_type: 'L40' });
    expect(plain?.availability[0]).not.toHaveProperty('rental_type');
  });

  it('hold the example that contradicts itself', () => {
    expect(types(newCloud(), { gpu_type: 'A100' })).toMatchObject([
      { shade_instance_type: 'A6000', gpu_type: 'A100', configuration: { vram_per_gpu_in_gb: 48 } },
    ]);
  });

  it('answer filters and order', () => {
    const cloud = newCloud();
    expect(new Set(types(cloud, { region: 'norway-1' }).map(({ cloud: name }) => name))).toEqual(
      new Set(['hyperstack']),
    );
    const prices = types(cloud, { sort: 'price' }).map(({ hourly_price: cents }) => cents);
    expect(prices).toEqual([...prices].sort((a, b) => a - b));
    expect(
      types(cloud, { available: 'true' }).every(({ availability }) => availability.some(({ available }) => available)),
    ).toBe(true);
    expect(types(cloud, { cloud: 'nimbus' })).toEqual([]);
  });

  it('move, spot more than on-demand', () => {
    const cloud = newCloud();
    const seen = { spot: new Set<unknown>(), list: new Set<unknown>(), stock: new Set<unknown>() };
    for (let halfHour = 0; halfHour < 96; halfHour += 1) {
      const [type] = types(cloud, H100);
      seen.list.add(type?.hourly_price);
      seen.spot.add(type?.availability[1]?.hourly_price);
      seen.stock.add(type?.availability[0]?.available);
      steps(cloud, 30);
    }
    expect(seen.spot.size).toBeGreaterThan(seen.list.size);
    expect(seen.stock.size).toBe(2);
  });
});

describe('Shadeform booking', () => {
  it('creates, shows and deletes a machine', () => {
    const cloud = newCloud();
    const { status, body } = send(cloud, '/instances/create', { body: machine() });
    expect(status).toBe(200);
    const { id } = body as { id: string };
    expect(send(cloud, `/instances/${id}/info`).body).toMatchObject({ name: 'run 1', hourly_price: 190 });
    expect(send(cloud, '/instances').body).toMatchObject({ instances: [{ id }] });
    expect(send(cloud, `/instances/${id}/delete`, { method: 'POST', key: 'emulator-other' }).status).toBe(404);
    expect(send(cloud, `/instances/${id}/delete`, { method: 'POST' }).status).toBe(200);
    expect(send(cloud, `/instances/${id}/delete`, { method: 'POST' }).status).toBe(404);
    expect(send(cloud, `/instances/${id}/info`).status).toBe(404);
  });

  it('runs out of machines', () => {
    const cloud = newCloud();
    const statuses = Array.from({ length: 4 }, () => send(cloud, '/instances/create', { body: machine() }).status);
    expect(statuses.at(-1)).toBe(409);
  });

  it.each([
    ['another region', { region: 'norway-1' }],
    ['another type', { shade_instance_type: 'R100' }],
    ['no name', { name: '' }],
  ])('refuses %s', (_what, changes) => {
    expect(send(newCloud(), '/instances/create', { body: machine(changes) }).status).toBe(400);
  });

  it('fails as HTTP 500 with a text when nothing is left', () => {
    expect(send(newCloud(), '/instances/create', { body: machine(), soldOut: true })).toMatchObject({
      status: 500,
      body: expect.stringContaining('no capacity') as string,
    });
  });
});

describe('Shadeform requests that cannot be answered', () => {
  it.each(['', 'real-key'])('are 401 with the key "%s"', (key) => {
    expect(send(newCloud(), '/instances/types', { key }).status).toBe(401);
  });

  it('are 404 elsewhere', () => {
    expect(send(newCloud(), '/volumes').status).toBe(404);
    expect(send(newCloud(), '/instances/x/restart', { method: 'POST' }).status).toBe(404);
    expect(send(newCloud(), '/instances', { method: 'PUT' }).status).toBe(404);
  });
});
