import { createServer, type AddressInfo } from 'node:net';
import type { PriceHistoryDto, ProviderListDto } from '@gpubroker/contracts/offers';
import { eventually } from '@gpubroker/testing/eventually';
import { isAlive, makeDataFolder, type DataFolder } from './support/data-folder';
import { PATIENCE } from './support/product';
import { postgresOf, start, untilGone, type StartedProduct } from './support/started-product';

describe('starting and stopping the product', () => {
  let folder: DataFolder;
  const started: StartedProduct[] = [];
  const run = (env?: Readonly<Record<string, string>>): StartedProduct => {
    const product = start(folder.path, env);
    started.push(product);
    return product;
  };

  beforeEach(async () => {
    folder = await makeDataFolder();
  });

  afterEach(async () => {
    for (const { child } of started) child.kill('SIGINT');
    for (const product of started.splice(0)) await product.untilEnded();
    folder.remove();
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('ends with 0 on %s and leaves no process behind', async (signal) => {
    const product = run();
    await product.untilRunning();
    const postgres = postgresOf(folder.path) ?? 0;
    expect(isAlive(postgres)).toBe(true);
    product.child.kill(signal);
    expect(await product.untilEnded()).toBe(0);
    expect(product.output()).toContain('stopped; the data stays');
    await untilGone(postgres);
  });

  it('ends with 0 and without PostgreSQL when it is interrupted while it starts', async () => {
    const product = run();
    await eventually(
      () => Promise.resolve(product.output()),
      (text) => text.includes('database: '),
      PATIENCE,
    );
    const postgres = postgresOf(folder.path) ?? 0;
    product.child.kill('SIGINT');
    expect(await product.untilEnded()).toBe(0);
    await untilGone(postgres);
  });

  it('comes back after kill -9 with what it knew, and without the PostgreSQL that was left behind', async () => {
    const first = run();
    const before = await readOffer(await first.untilRunning());
    const orphan = postgresOf(folder.path) ?? 0;
    first.child.kill('SIGKILL');
    await first.untilEnded();

    const second = run();
    const gateway = await second.untilRunning();
    expect(postgresOf(folder.path)).not.toBe(orphan);
    await untilGone(orphan);
    const after = await eventually(
      () => read<PriceHistoryDto>(`${gateway}/api/v2/providers/${before.offer_id}/history`),
      ({ items }) => items.length >= before.items.length,
      PATIENCE,
    );
    expect(after.items.slice(0, before.items.length)).toEqual(before.items);
  });

  it('says that the port of the gateway is in use, and ends with 1', async () => {
    const taken = await takePort();
    const product = run({ PORT: String(taken.port) });
    expect(await product.untilEnded()).toBe(1);
    expect(product.output()).toMatch(new RegExp(`GPUBROKER cannot start: Port ${taken.port} on \\S+ is in use`));
    await taken.release();
  });

  it('says that the port of a service is in use, ends with 1 and leaves no PostgreSQL', async () => {
    const taken = await takePort();
    const product = run({ PROVIDERS_PORT: String(taken.port) });
    expect(await product.untilEnded()).toBe(1);
    expect(product.output()).toMatch(/cannot start: its port is in use/);
    expect(product.output()).toContain(String(taken.port));
    expect(postgresOf(folder.path)).toBeNull();
    await taken.release();
  });

  it('names every variable that cannot be read, and ends with 1', async () => {
    const product = run({ EMULATOR_SPEED: 'fast', UPSTREAM_TIMEOUT_MS: '-1' });
    expect(await product.untilEnded()).toBe(1);
    expect(product.output()).toMatch(/EMULATOR_SPEED.*\n.*UPSTREAM_TIMEOUT_MS/);
  });

  it('leaves the data of a running product alone', async () => {
    const first = run();
    const gateway = await first.untilRunning();
    const second = run();
    expect(await second.untilEnded()).toBe(1);
    expect(second.output()).toMatch(/^GPUBROKER cannot start: The data directory .* in use by process \d+/m);
    expect(second.output()).not.toMatch(/^ +at /m);
    expect((await fetch(`${gateway}/health`)).status).toBe(200);
  });
});

/** The history of an offer, once there is one. */
async function readOffer(gateway: string): Promise<PriceHistoryDto> {
  const { items } = await eventually(
    () => read<ProviderListDto>(`${gateway}/api/v2/providers`),
    ({ total }) => total > 0,
    PATIENCE,
  );
  return read<PriceHistoryDto>(`${gateway}/api/v2/providers/${items[0]?.id}/history`);
}

async function read<T>(url: string): Promise<T> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return (await response.json()) as T;
}

async function takePort(): Promise<{ port: number; release: () => Promise<void> }> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    release: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
