import { priceUpdates, type PriceUpdate } from '@gpubroker/contracts/events';
import type { CloudListDto, ProviderItemDetailDto } from '@gpubroker/contracts/offers';
import { eventually } from '@gpubroker/testing/eventually';
import { startProviders, type RunningProviders } from './support/running-providers';

const H100 = { id: 'NVIDIA H100 80GB HBM3', memoryInGb: 80, securePrice: 2.99 };
const L4 = { id: 'NVIDIA L4', memoryInGb: 24, securePrice: 0.43 };
const A30 = { id: 'NVIDIA A30', memoryInGb: 24, securePrice: 0.22 };

describe('syncing a cloud', () => {
  let providers: RunningProviders;

  beforeEach(async () => {
    providers = await startProviders({ sells: [H100, L4, A30] });
    await providers.until(
      ({ total, items }) => total === 3 && items.every(({ reliability_score }) => reliability_score !== null),
    );
  });

  afterEach(() => providers.stop());

  it('records each offer once, with one history row and one event at first sight', async () => {
    expect(await providers.sql('SELECT count(*)::int AS n FROM price_history')).toEqual([{ n: 3 }]);
    const events = await eventually(
      () => priceEvents(providers),
      (all) => all.length === 3,
    );
    expect(events.map(({ old_price }) => old_price)).toEqual([null, null, null]);
  });

  it('writes nothing when nothing changed', async () => {
    const before = await providers.sql('SELECT id, updated_at, catalogue_version FROM gpu_offers ORDER BY id');
    const calls = providers.cloud.calls;
    await providers.until(() => providers.cloud.calls >= calls + 3);
    expect(await providers.sql('SELECT id, updated_at, catalogue_version FROM gpu_offers ORDER BY id')).toEqual(before);
    expect(await providers.sql('SELECT count(*)::int AS n FROM price_history')).toEqual([{ n: 3 }]);
  });

  it('records a changed price with the old one beside it', async () => {
    providers.cloud.sells({ ...H100, securePrice: 2.5 }, L4, A30);
    const { items } = await providers.until(({ items: [first] }) => first?.price_per_hour === 2.5, '?gpu_type=h100');
    expect(items[0]?.price_changed_at).not.toBeNull();
    const events = await eventually(
      () => priceEvents(providers),
      (all) => all.length === 4,
    );
    expect(events.at(-1)).toMatchObject({
      old_price: 2.99,
      new_price: 2.5,
      offer_id: items[0]?.id,
      provider: 'runpod',
      gpu_type: 'H100-SXM',
    });
    const history = (await (await providers.get(`/api/v2/providers/${items[0]?.id}/history`)).json()) as {
      items: { price_per_hour: number }[];
    };
    expect(history.items.map((point) => point.price_per_hour)).toEqual([2.99, 2.5]);
  });

  it('makes an offer unavailable that is no longer listed, and available again when it is back', async () => {
    providers.cloud.sells(H100, L4);
    await providers.until(({ items: [first] }) => first?.availability_status === 'unavailable', '?gpu_type=a30');
    providers.cloud.sells(H100, L4, A30);
    await providers.until(({ items: [first] }) => first?.availability_status === 'available', '?gpu_type=a30');
    expect(await providers.sql('SELECT count(*)::int AS n FROM price_history')).toEqual([{ n: 5 }]);
  });

  it('holds a list that shrank below half until the next sync says the same', async () => {
    providers.cloud.sells(H100);
    const held = await providers.until(({ items }) =>
      items.every(({ availability_status }) => availability_status === 'available'),
    );
    expect(held.total).toBe(3);
    await providers.until(
      ({ items }) => items.filter(({ availability_status }) => availability_status === 'unavailable').length === 2,
    );
    expect(await providers.metrics()).toMatch(/gpubroker_held_total\{[^}]*kind="row_count"[^}]*\} 1/);
  });

  it('holds a price that jumps more than fivefold until the next sync says the same', async () => {
    providers.cloud.sells(H100, { ...L4, securePrice: 4.3 }, A30);
    await providers.until(({ items: [first] }) => first?.price_per_hour === 4.3, '?gpu_type=l4');
    expect(await providers.metrics()).toMatch(/gpubroker_held_total\{[^}]*kind="price_jump"[^}]*\} 1/);
  });

  it('shows a price in quarantine beside the one that stands', async () => {
    const [l4] = (await providers.list('?gpu_type=l4')).items;
    providers.cloud.sells(H100, { ...L4, securePrice: 4.3 }, A30);
    const detail = await eventually(
      async () => (await (await providers.get(`/api/v2/providers/${l4?.id}`)).json()) as ProviderItemDetailDto,
      ({ quarantine }) => quarantine !== null,
    );
    expect(detail).toMatchObject({
      price_per_hour: 0.43,
      quarantine: { reason: 'price_jump', price_per_hour: 4.3 },
      explanation: expect.arrayContaining([expect.stringContaining('held back until the next sync agrees')]),
    });
  });

  it('says how far the list could be believed', async () => {
    const truth = async () => {
      const { items } = (await (await providers.get('/api/v2/providers/list')).json()) as CloudListDto;
      return items.find(({ provider }) => provider === 'runpod')?.listing_truth ?? null;
    };
    expect(await eventually(truth, (share) => share !== null)).toBe(1);
    providers.cloud.sells({ ...H100, securePrice: 2.5 }, L4, A30);
    const share = await eventually(truth, (now) => now !== null && now < 1);
    expect(share).toBeGreaterThan(0.5);
  });

  it.each(['error', 'garbage', 'hang'] as const)(
    'keeps the last good offers when the cloud answers with %s, marks them stale, and opens the circuit',
    async (mode) => {
      providers.cloud.mode = mode;
      const { items } = await providers.until((answer) => answer.items.every(({ stale }) => stale));
      expect(items).toHaveLength(3);
      const reason = { error: 'status_5xx', garbage: 'malformed', hang: 'timeout' }[mode];
      const metrics = await waitForMetric(providers, /gpubroker_breaker_state\{name="provider:runpod"[^}]*\} 2/);
      expect(metrics).toMatch(new RegExp(`gpubroker_provider_syncs_total\\{[^}]*outcome="${reason}"`));
      await waitForMetric(providers, /gpubroker_provider_syncs_total\{provider="runpod",outcome="circuit_open"/);
      const clouds = (await (await providers.get('/api/v2/providers/list')).json()) as {
        items: { provider: string; last_failure: string; breaker: string; error_count: number }[];
      };
      const runpod = clouds.items.find(({ provider }) => provider === 'runpod');
      expect(runpod).toMatchObject({ breaker: 'open', stale: true, last_failure: reason });
      expect(runpod?.error_count).toBeGreaterThan(0);
    },
  );
});

/** What reached the log, checked against the contract. */
async function priceEvents(providers: RunningProviders): Promise<PriceUpdate[]> {
  const rows = await providers.sql<{ value: string }>(
    `SELECT value FROM events.event_log WHERE topic = 'price_updates' ORDER BY "offset"`,
  );
  return rows.map(({ value }) => priceUpdates.versions[1]!.parse(JSON.parse(value)));
}

async function waitForMetric(providers: RunningProviders, pattern: RegExp): Promise<string> {
  for (let tries = 0; tries < 200; tries += 1) {
    const text = await providers.metrics();
    if (pattern.test(text)) return text;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no metric like ${String(pattern)}`);
}
