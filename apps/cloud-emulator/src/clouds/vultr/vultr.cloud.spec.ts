import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import { ask, type Asked } from '../../../test/ask';
import type { EmulatedCloud } from '../emulated-cloud';
import { vultrCloud } from './vultr.cloud';

const KEY = 'emulator-key';
type Row = Readonly<Record<string, unknown>>;

const newCloud = (now: () => number = () => 0) => vultrCloud({ seed: 1, speed: 1, now });
const send = (cloud: EmulatedCloud, path: string, asked: Asked = {}) => ask(cloud, path, { key: KEY, ...asked });
const plans = (cloud: EmulatedCloud, query: Record<string, string> = {}) =>
  ask(cloud, '/plans', { query }).body as { plans: Row[]; meta: { total: number; links: { next: string } } };
const metal = (cloud: EmulatedCloud) => (ask(cloud, '/plans-metal').body as { plans_metal: Row[] }).plans_metal;
const planOf = (cloud: EmulatedCloud, id: string) =>
  [...plans(cloud).plans, ...metal(cloud)].find((row) => row['id'] === id);
const available = (cloud: EmulatedCloud, region: string) =>
  (ask(cloud, `/regions/${region}/availability`).body as { available_plans: string[] }).available_plans;

describeWithShared('plans beside recorded answers', (shared) => {
  const folder = join(shared, 'data/upstreams/vultr');
  const read = (file: string): Record<string, Row[]> =>
    JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, Row[]>;
  const compared = ['ram', 'disk', 'hourly_cost', 'gpu_vram_gb', 'gpu_type', 'type', 'deploy_ondemand', 'cpu_threads'];

  it('have the recorded prices, sizes and flags', () => {
    const rows = [...(read('1-plans.json')['plans'] ?? []), ...(read('2-plans-metal.json')['plans_metal'] ?? [])];
    for (const row of rows) {
      const emulated = planOf(newCloud(), String(row['id']));
      for (const member of compared) {
        // The rows of one list are of two ages: what the recording lacks, the newer plan may have.
        if (row[member] !== undefined)
          expect({ id: row['id'], [member]: emulated?.[member] }).toEqual({ id: row['id'], [member]: row[member] });
      }
    }
    expect(rows.length).toBe(7);
  });
});

describe('Vultr', () => {
  it('lists plans without a key, and refuses a key that is none of its own', () => {
    expect(plans(newCloud()).plans.length).toBeGreaterThan(5);
    expect(ask(newCloud(), '/plans', { key: 'real' })).toMatchObject({ status: 401, body: { status: 401 } });
    expect(ask(newCloud(), '/account').status).toBe(401);
    expect(send(newCloud(), '/account').status).toBe(200);
  });

  it('pages by an opaque cursor, the last page with an empty one', () => {
    const cloud = newCloud();
    const seen: unknown[] = [];
    let cursor = '';
    do {
      const page = plans(cloud, { per_page: '3', ...(cursor && { cursor }) });
      seen.push(...page.plans.map(({ id }) => id));
      cursor = page.meta.links.next;
    } while (cursor !== '');
    expect(seen).toEqual(plans(cloud).plans.map(({ id }) => id));
    expect(seen).toHaveLength(plans(cloud).meta.total);
    expect(ask(cloud, '/plans', { query: { cursor: 'bm9uc2Vuc2U=' } }).status).toBe(400);
  });

  it('filters plans by type', () => {
    const types = new Set(plans(newCloud(), { type: 'vcg' }).plans.map((row) => row['type']));
    expect(types).toEqual(new Set(['vcg']));
  });

  it('writes counts as text on cloud plans, parts included, and as numbers on metal', () => {
    expect(planOf(newCloud(), 'vcg-a100-1c-6g-4vram')).toMatchObject({ gpu_count: '1/20', gpu_vram_gb: 4 });
    expect(planOf(newCloud(), 'vbm-64c-2048gb-8-l40-gpu')).toMatchObject({ gpu_count: 8, gpu_type: 'NVIDIA_L40S' });
    expect(planOf(newCloud(), 'vbm-112c-2048gb-8-h100-gpu')).not.toHaveProperty('gpu_type');
  });

  it('has a free plan, a plan that is not for sale, and a region that costs more', () => {
    expect(planOf(newCloud(), 'vc2-1c-0.5gb-free')).toMatchObject({ hourly_cost: 0 });
    expect(planOf(newCloud(), 'vcg-mi325x-252c-2872g-1536vram')).toMatchObject({
      deploy_ondemand: false,
      locations: [],
    });
    expect(planOf(newCloud(), 'vcg-a16-6c-64g-16vram')).toMatchObject({
      hourly_cost: 0.471,
      location_cost: { blr: { hourly_cost: 0.518 } },
    });
  });

  it('moves stock, and preemptible prices more than list prices', () => {
    const seen = { stock: new Set<string>(), spot: new Set<unknown>(), list: new Set<unknown>() };
    let now = 0;
    const moving = newCloud(() => (now += 1_000));
    for (let hour = 0; hour < 72; hour += 1) {
      const row = planOf(moving, 'vbm-256c-2048gb-8-mi300x-gpu');
      seen.spot.add(row?.['hourly_cost_preemptible']);
      seen.list.add(row?.['hourly_cost']);
      seen.stock.add(available(moving, 'ewr').join());
      for (let step = 0; step < 60; step += 1) moving.market.step();
    }
    expect(seen.stock.size).toBeGreaterThan(3);
    expect(seen.spot.size).toBeGreaterThan(seen.list.size);
  });

  it.each([
    ['/instances', 'instance', 'vcg-a100-12c-120g-80vram', 'ewr'],
    ['/bare-metals', 'bare_metal', 'vbm-112c-2048gb-8-h100-gpu', 'sea'],
  ])('books at %s, takes the plan out of stock, and ends it there', (path, member, plan, region) => {
    const cloud = newCloud();
    const lot = `${plan} on_demand ${region}`;
    const free = cloud.market.quote(lot)?.free ?? 0;
    const created = send(cloud, path, { body: { plan, region, os_id: 1743, label: 'b-1' } });
    expect(created).toMatchObject({ status: 202, body: { [member]: { plan, region, label: 'b-1' } } });
    const { id } = (created.body as Record<string, { id: string }>)[member] ?? { id: '' };
    expect(cloud.market.quote(lot)?.free).toBe(free - 1);
    const other = path === '/instances' ? '/bare-metals' : '/instances';
    expect(send(cloud, `${other}/${id}`, { method: 'DELETE' }).status).toBe(404);
    expect(send(cloud, `${path}/${id}`, { method: 'DELETE', key: 'emulator-other' }).status).toBe(404);
    expect(send(cloud, `${path}/${id}`, { method: 'DELETE' })).toMatchObject({ status: 204, body: '' });
    expect(cloud.market.quote(lot)?.free).toBe(free);
  });

  it('leaves a plan with nothing left out of the stock of its region', () => {
    const cloud = newCloud();
    while (cloud.market.take('vcg-a40-24c-120g-48vram on_demand blr', 1));
    expect(available(cloud, 'blr')).not.toContain('vcg-a40-24c-120g-48vram');
    const body = { plan: 'vcg-a40-24c-120g-48vram', region: 'blr' };
    expect(send(cloud, '/instances', { body })).toMatchObject({
      status: 400,
      body: { error: expect.stringContaining('out of stock') as unknown },
    });
  });

  it.each([
    [{ plan: 'vbm-112c-2048gb-8-h100-gpu', region: 'sea' }, 400],
    [{ plan: 'vcg-none', region: 'sea' }, 400],
    [{ region: 'sea' }, 400],
  ])('books nothing for %j as a cloud instance', (body, status) => {
    expect(send(newCloud(), '/instances', { body }).status).toBe(status);
  });

  it('fails bookings as HTTP 500 with a text when it is sold out', () => {
    const body = { plan: 'vcg-a100-12c-120g-80vram', region: 'ewr' };
    expect(send(newCloud(), '/instances', { body, soldOut: true })).toMatchObject({
      status: 500,
      body: 'server create: out of stock',
    });
  });

  it('allows thirty requests a second', () => {
    const cloud = newCloud();
    const answers = Array.from({ length: 31 }, () => ask(cloud, '/plans').status);
    expect(answers[29]).toBe(200);
    expect(answers[30]).toBe(429);
  });

  it('has SSH keys, and nothing elsewhere', () => {
    expect(send(newCloud(), '/ssh-keys').body).toMatchObject({ ssh_keys: [{ name: 'emulator' }] });
    expect(send(newCloud(), '/blocks').status).toBe(404);
    expect(send(newCloud(), '/instances', { method: 'PATCH' }).status).toBe(404);
  });
});
