import { request, type Asked } from '../../../test/ask';
import type { EmulatedCloud } from '../emulated-cloud';
import { hyperstackCloud } from './hyperstack.cloud';

interface Flavor {
  name: string;
  gpu: string;
  gpu_count: number;
  stock_available: boolean;
}
interface Group {
  gpu: string;
  region_name: string;
  flavors: Flavor[];
}
interface Model {
  model: string;
  available: string;
  configurations: Record<string, number>;
}

const newCloud = (now: () => number = Date.now) => hyperstackCloud({ seed: 1, speed: 1, now });

/** The key stands in a header with an underscore. */
function send(cloud: EmulatedCloud, path: string, asked: Asked = {}) {
  const { key = 'emulator-key', ...rest } = asked;
  const reply = cloud.answer({ ...request(path, rest), headers: key === '' ? {} : { api_key: key } });
  const isJson = reply.contentType === 'application/json';
  return { status: reply.status, body: (isJson ? JSON.parse(reply.body) : reply.body) as unknown };
}
const groups = (cloud: EmulatedCloud, query: Record<string, string> = {}): Group[] =>
  (send(cloud, '/core/flavors', { query }).body as { data: Group[] }).data;
const flavors = (cloud: EmulatedCloud): Flavor[] => groups(cloud).flatMap((group) => group.flavors);
const model = (cloud: EmulatedCloud, name: string): Model =>
  (send(cloud, '/core/stocks').body as { stocks: { models: Model[] }[] }).stocks
    .flatMap(({ models }) => models)
    .find((one) => one.model === name)!;
const machine = (changes: object = {}) => ({
  name: 'run 1',
  environment_name: 'emulator-canada-1',
  image_name: 'Ubuntu',
  flavor_name: 'n3-L40x2',
  key_name: 'emulator',
  count: 1,
  ...changes,
});

describe('Hyperstack lists', () => {
  it('join by the name of the GPU', () => {
    const cloud = newCloud();
    const prices = new Map(
      (send(cloud, '/pricebook').body as { name: string; value: string }[]).map(({ name, value }) => [name, value]),
    );
    expect(prices.get('H100-80G-PCIe')).toBe('1.9000000');
    for (const { gpu, gpu_count: gpus } of flavors(cloud)) if (gpus > 0) expect(prices.has(gpu)).toBe(true);
    // The book has prices of things that are no machines.
    expect(prices.has('public-ip')).toBe(true);
  });

  it('have one name in two regions, ten GPUs, spot as other GPUs, and machines without one', () => {
    const cloud = newCloud();
    expect(
      groups(cloud)
        .filter(({ flavors: all }) => all.some(({ name }) => name === 'n3-H100-SXM5x8'))
        .map(({ region_name: region }) => region),
    ).toEqual(['CANADA-1', 'US-1']);
    expect(flavors(cloud).map(({ gpu_count: gpus }) => gpus)).toContain(10);
    expect(flavors(cloud)).toContainEqual(
      expect.objectContaining({ name: 'n3-H100x1-spot', gpu: 'H100-80G-PCIe-spot' }),
    );
    expect(groups(cloud, { region: 'NORWAY-1' }).at(-1)).toMatchObject({ gpu: '', flavors: [{ gpu_count: 0 }] });
  });

  it('tell stock as a floor, by size, and change', () => {
    let now = 0;
    const cloud = newCloud(() => (now += 1_000));
    const texts = new Set<string>();
    const spot = new Set<unknown>();
    for (let hour = 0; hour < 400; hour += 1) {
      const { available, configurations } = model(cloud, 'L40');
      texts.add(available);
      expect((configurations['1x'] ?? 0) >= 8 * (configurations['8x'] ?? 0)).toBe(true);
      spot.add((send(cloud, '/pricebook').body as { value: string }[]).at(-4)?.value);
      for (let step = 0; step < 60; step += 1) cloud.market.step();
    }
    expect(texts).toContain('10+');
    expect([...texts].some((one) => Number(one) < 10)).toBe(true);
    expect(spot.size).toBeGreaterThan(3);
  });
});

describe('Hyperstack booking', () => {
  it('makes a machine in the environment of its region, and takes it back', () => {
    const cloud = newCloud();
    const { status, body } = send(cloud, '/core/virtual-machines', { body: machine() });
    expect({ status, body }).toMatchObject({ status: 200, body: { instances: [{ status: 'CREATING' }] } });
    const id = (body as { instances: { id: number }[] }).instances[0]!.id;
    expect(send(cloud, `/core/virtual-machines/${id}`, { method: 'DELETE', key: 'emulator-other' }).status).toBe(404);
    expect(send(cloud, `/core/virtual-machines/${id}`, { method: 'DELETE' }).status).toBe(200);
    expect(send(cloud, `/core/virtual-machines/${id}`, { method: 'DELETE' }).status).toBe(404);
  });

  it('runs out of cards', () => {
    const cloud = newCloud();
    const body = machine({ flavor_name: 'n3-L40x8' });
    const statuses = Array.from({ length: 4 }, () => send(cloud, '/core/virtual-machines', { body }).status);
    expect(statuses.at(-1)).toBe(409);
    expect(flavors(cloud).find(({ name }) => name === 'n3-L40x8')?.stock_available).toBe(false);
  });

  it.each([
    ['another environment', { environment_name: 'mine' }, 404],
    ['a flavor of another region', { flavor_name: 'n3-RTX-A4000x1' }, 404],
    ['no key', { key_name: '' }, 400],
    ['two machines', { count: 2 }, 400],
  ])('refuses %s', (_what, changes, status) => {
    expect(send(newCloud(), '/core/virtual-machines', { body: machine(changes) }).status).toBe(status);
  });

  it('fails as HTTP 500 with a text when nothing is left', () => {
    expect(send(newCloud(), '/core/virtual-machines', { body: machine(), soldOut: true })).toMatchObject({
      status: 500,
      body: expect.stringContaining('Out of stock') as string,
    });
  });

  it('has an environment and a key for each region', () => {
    const cloud = newCloud();
    expect(send(cloud, '/core/environments').body).toMatchObject({ environments: [{}, {}, {}] });
    expect(send(cloud, '/core/keypairs').body).toMatchObject({
      keypairs: [{ environment: { region: 'NORWAY-1' } }, {}, {}],
    });
    expect(send(cloud, '/core/regions').body).toMatchObject({ regions: [{}, {}, {}] });
  });
});

describe('Hyperstack requests that cannot be answered', () => {
  it.each(['', 'real-key'])('are 401 with the key "%s"', (key) => {
    expect(send(newCloud(), '/core/flavors', { key }).status).toBe(401);
  });

  it('are 429 after five hundred within a minute', () => {
    const cloud = newCloud(() => 0);
    const statuses = Array.from({ length: 501 }, () => send(cloud, '/core/regions').status);
    expect([statuses[499], statuses[500]]).toEqual([200, 429]);
  });

  it('are 404 elsewhere', () => {
    expect(send(newCloud(), '/core/volumes').status).toBe(404);
  });
});
