import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithShared } from '@gpubroker/testing/shared-data';
import { startProviders, type RunningProviders } from './support/running-providers';

const PRICES = 5_919;

describeWithShared('the price catalog of 3,599 rows', (shared) => {
  const directory = mkdtempSync(join(tmpdir(), 'gpubroker-catalog-'));
  let providers: RunningProviders;

  beforeAll(async () => {
    copyFileSync(join(shared, 'data/skypilot-catalog-gpus.csv'), join(directory, 'skypilot-catalog-gpus.csv'));
    providers = await startProviders({ env: { CATALOG_DIR: directory, RUNPOD_BASE_URL: '' } });
    await providers.until(({ total }) => total > PRICES * 0.95);
  }, 60_000);

  afterAll(async () => {
    await providers.stop();
    rmSync(directory, { recursive: true });
  });

  const rejections = async () => {
    const counted = (await providers.metrics()).matchAll(/^gpubroker_offer_rejections_total\{[^}]*\} (\d+)$/gm);
    return [...counted].reduce((sum, [, count]) => sum + Number(count), 0);
  };

  it('becomes offers and counted rejections, every price one or the other, and the second reading changes nothing', async () => {
    const finished = () =>
      providers.sql<{ runs: number; clouds: number }>(
        "SELECT count(*)::int AS runs, count(DISTINCT provider_id)::int AS clouds FROM providers.sync_runs WHERE outcome = 'ok'",
      );
    const [first] = await waitFor(finished, ([row]) => (row?.clouds ?? 0) === 20);
    const offers = (await providers.list()).total;
    const readings = Math.max(1, Math.round((first?.runs ?? 20) / 20));
    expect(offers + (await rejections()) / readings).toBe(PRICES);
    expect(offers).toBeGreaterThanOrEqual(PRICES * 0.95);
    const state = () => providers.sql('SELECT id, updated_at, catalogue_version FROM gpu_offers ORDER BY id');
    const before = await state();
    await waitFor(finished, ([row]) => (row?.runs ?? 0) >= (readings + 1) * 20);
    expect(await state()).toEqual(before);
    expect(await providers.sql('SELECT count(*)::int AS n FROM price_history')).toEqual([{ n: offers }]);
  }, 120_000);

  it('lists them as what they are', async () => {
    const { items } = await providers.list('?provider=aws&gpu_type=a100&sort=price_per_node_hour');
    expect(items[0]).toMatchObject({ source: 'catalog', availability_status: 'limited', currency: 'USD' });
  });
});

async function waitFor<T>(ask: () => Promise<T>, holds: (answer: T) => boolean): Promise<T> {
  for (;;) {
    const answer = await ask();
    if (holds(answer)) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
