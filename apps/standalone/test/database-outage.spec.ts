import { renameSync } from 'node:fs';
import { join } from 'node:path';
import type { ProviderListDto } from '@gpubroker/contracts/offers';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '@gpubroker/persistence/embedded';
import { eventually } from '@gpubroker/testing/eventually';
import { makeDataFolder } from './support/data-folder';
import { freeze, thaw } from './support/postgres-processes';
import { CLOUDS, PATIENCE, startProduct, type Product } from './support/product';

/** What a caller may wait for at most while the database is away. */
const ANSWER_WITHIN_MS = 2_000;

describe('the embedded PostgreSQL', () => {
  let product: Product;
  let server: EmbeddedPostgres;

  beforeAll(async () => {
    product = await startProduct({ EMULATOR_SPEED: '300' });
    if (!product.standalone.database.server) throw new Error('there is no embedded PostgreSQL');
    server = product.standalone.database.server;
    await product.untilFilled();
  });

  afterAll(() => product.stop());

  describe('killed with -9', () => {
    it('is started again while lists go on being answered, and syncs go on after it', async () => {
      const { total } = await product.list();
      const killedAt = Date.now();
      process.kill(server.pid, 'SIGKILL');
      expect((await product.list()).total).toBeGreaterThanOrEqual(Math.floor(total / 2));
      await eventually(
        () => Promise.resolve(product.said),
        (said) => said.includes('PostgreSQL is back'),
        PATIENCE,
      );
      await eventuallySyncedSince(product, killedAt);
    });

    it('is tried again until it starts', async () => {
      const settings = join(server.dataDirectory, 'postgresql.conf');
      const back = product.said.filter((line) => line === 'PostgreSQL is back').length;
      const killedAt = Date.now();
      renameSync(settings, `${settings}.away`);
      process.kill(server.pid, 'SIGKILL');
      await eventually(
        () => Promise.resolve(product.said),
        (said) => said.some((line) => line.startsWith('PostgreSQL does not start: ')),
        PATIENCE,
      );
      renameSync(`${settings}.away`, settings);
      await eventually(
        () => Promise.resolve(product.said),
        (said) => said.filter((line) => line === 'PostgreSQL is back').length > back,
        PATIENCE,
      );
      await eventuallySyncedSince(product, killedAt);
    });
  });

  describe('frozen', () => {
    let offerId: string;

    beforeAll(async () => {
      offerId = (await product.list('?per_page=10')).items[0]?.id ?? '';
      freeze(server.pid);
    });

    afterAll(() => thaw(server.pid));

    it('leaves every question of a buyer answered within two seconds', async () => {
      const paths = ['', '?q=h100', '/list', `/${offerId}`, `/${offerId}/history`].map(
        (end) => `/api/v2/providers${end}`,
      );
      for (const path of paths) {
        const began = performance.now();
        const response = await product.get(path);
        const body: unknown = await response.json();
        expect({ path, inTime: performance.now() - began < ANSWER_WITHIN_MS }).toEqual({ path, inTime: true });
        if (response.status !== 200)
          expect({ path, status: response.status, body }).toMatchObject({
            status: 503,
            body: { detail: 'Database not available', error: { code: 'DB_UNAVAILABLE' } },
          });
      }
    });

    it('leaves the last offers listed, every one of them marked stale, with a warning', async () => {
      const list = await eventually(
        () => product.list('?per_page=100'),
        ({ warnings }) => warnings?.some((text) => text.includes('database')) ?? false,
        PATIENCE,
      );
      expect(list.items.length).toBeGreaterThan(0);
      expect(list.items.filter(({ stale }) => !stale)).toEqual([]);
    });

    it('shows in the health of the service that needs it', async () => {
      const { url } = product.standalone.services.find(({ name }) => name === 'providers') ?? { url: '' };
      const began = performance.now();
      const health = (await (await fetch(`${url}/health`)).json()) as { database: string };
      expect(health.database).toBe('down');
      expect(performance.now() - began).toBeLessThan(ANSWER_WITHIN_MS);
    });

    it('is back in use by itself once it runs on', async () => {
      const thawedAt = Date.now();
      thaw(server.pid);
      await eventually(
        () => product.list('?per_page=100'),
        ({ items, warnings }) => warnings === undefined && items.some(({ stale }) => !stale),
        PATIENCE,
      );
      await eventuallySyncedSince(product, thawedAt);
    });
  });
});

describe('a PostgreSQL of one’s own that is not there yet', () => {
  it('answers 503 within two seconds, and serves once it is there', async () => {
    const folder = await makeDataFolder();
    const options = { dataDirectory: join(folder.path, 'postgres'), durable: false };
    const first = await startEmbeddedPostgres(options);
    await first.createDatabase('gpubroker');
    const { port } = first;
    const url = first.url('gpubroker');
    await first.stop();

    const product = await startProduct({ DATABASE_URL: url });
    let second: EmbeddedPostgres | null = null;
    try {
      const began = performance.now();
      const response = await product.get('/api/v2/providers');
      expect(performance.now() - began).toBeLessThan(ANSWER_WITHIN_MS);
      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).not.toBeNull();
      expect(await response.json()).toMatchObject({
        detail: 'Database not available',
        error: { code: 'DB_UNAVAILABLE' },
      });

      second = await startEmbeddedPostgres({ ...options, port });
      await product.untilFilled();
      const filled = (await (await product.get('/api/v2/providers')).json()) as ProviderListDto;
      expect(filled.total).toBeGreaterThan(0);
    } finally {
      await product.stop();
      await second?.stop();
      folder.remove();
    }
  });
});

async function eventuallySyncedSince(product: Product, since: number): Promise<void> {
  await eventually(
    () => product.clouds(),
    (clouds) =>
      CLOUDS.every((slug) =>
        clouds.some(({ provider, last_sync_at }) => provider === slug && Date.parse(last_sync_at ?? '') > since),
      ),
    PATIENCE,
  );
}
