import type { ProviderListDto } from '@gpubroker/contracts/offers';
import { eventually } from '@gpubroker/testing/eventually';
import { startProviders, type RunningProviders } from './support/running-providers';

interface ApiDocument {
  readonly paths: {
    readonly '/api/v2/providers': {
      readonly get: { readonly parameters: readonly { name: string; schema: object }[]; readonly responses: object };
    };
  };
}

const CARDS = [
  { id: 'NVIDIA H100 80GB HBM3', memoryInGb: 80, securePrice: 2.99 },
  { id: 'NVIDIA H100 PCIe', memoryInGb: 80, securePrice: 2.19 },
  { id: 'NVIDIA RTX A4000', memoryInGb: 16, securePrice: 0.35, stockStatus: 'Low' },
  { id: 'NVIDIA A40', memoryInGb: 48, securePrice: 0.4 },
  ...Array.from({ length: 20 }, (_, at) => ({ id: `NVIDIA Test Card ${at}`, memoryInGb: 24, securePrice: 5 + at })),
];

describe('GET /api/v2/providers', () => {
  let providers: RunningProviders;

  beforeAll(async () => {
    providers = await startProviders({ sells: CARDS, env: { SYNC_INTERVAL_SECONDS: '300' } });
    await providers.until(
      ({ total, items }) =>
        total === CARDS.length && items.every(({ reliability_score }) => reliability_score !== null),
    );
  });

  afterAll(() => providers.stop());

  it('lists every member that the contract names', async () => {
    const { items, meta, total } = await providers.list('?gpu_type=h100&sort=price_per_hour');
    expect(total).toBe(2);
    expect(items[0]).toEqual({
      id: expect.any(String),
      provider: 'runpod',
      provider_name: 'RunPod',
      external_id: expect.any(String),
      gpu_type: 'H100-PCIE',
      gpu_family: 'H100',
      gpu_count: 1,
      gpu_memory_gb: 80,
      cpu_cores: 8,
      ram_gb: 32,
      storage_gb: null,
      price_per_hour: 2.19,
      price_per_node_hour: 2.19,
      currency: 'USD',
      pricing: 'on_demand',
      region: 'global',
      availability_status: 'available',
      compliance_tags: expect.any(Array),
      source: 'live',
      stale: false,
      reliability_score: 1,
      observed_at: expect.stringMatching(/^\d{4}-.*Z$/),
      last_seen_at: expect.stringMatching(/^\d{4}-.*Z$/),
      price_changed_at: null,
      cost_per_token: null,
      cost_per_gflop: null,
    });
    expect(meta).toEqual({ version: expect.stringMatching(/^\d+$/), applied_filters: { gpu_type: 'h100' } });
  });

  it('takes the filter literally', async () => {
    for (const text of ['%', '_', '%25', 'h%', "'", "' OR 1=1 --", '\\', '[a-z]']) {
      expect((await providers.list(`?gpu_type=${encodeURIComponent(text)}`)).total).toBe(0);
      expect((await providers.list(`?q=${encodeURIComponent(text)}`)).total).toBe(0);
    }
    expect((await providers.list('?q=+')).total).toBe(0);
    expect((await providers.list('?gpu_type=a40')).total).toBe(2);
    expect((await providers.list('?gpu_type=rtx-a40')).total).toBe(1);
  });

  it.each([
    '?max_price=NaN',
    '?max_price=1e999',
    '?per_page=7',
    '?gpu_type=a&gpu_type=b',
    `?gpu_type=${'x'.repeat(5_000)}`,
    '?page=0',
    '?gpu_type=a%00b',
    '?gpu_type[$ne]=1&sort=;',
  ])('answers %s with 422 in the envelope', async (query) => {
    const response = await providers.get(`/api/v2/providers${query}`);
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({
      error: {
        code: 'VALIDATION_ERROR',
        details: expect.any(Array),
        trace_id: expect.stringMatching(/^[0-9a-f]{32}$/),
      },
    });
  });

  it('finds words, slips of the pen and names of clouds', async () => {
    expect((await providers.list('?q=h100')).total).toBe(2);
    expect((await providers.list('?q=runpod')).total).toBe(CARDS.length);
    expect((await providers.list('?q=nothing-like-it')).total).toBe(0);
  });

  it('gives each offer exactly once to a walk along the links', async () => {
    const seen: string[] = [];
    for (let next: string | null = '/api/v2/providers?per_page=10'; next !== null;) {
      const response = await providers.get(next);
      seen.push(...((await response.json()) as ProviderListDto).items.map(({ id }) => id));
      next = /<([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1] ?? null;
    }
    expect(seen).toHaveLength(CARDS.length);
    expect(new Set(seen).size).toBe(CARDS.length);
  });

  it('answers past the end with no items, and an unknown version with 410', async () => {
    expect(await providers.list('?page=1000000000')).toMatchObject({ total: CARDS.length, items: [] });
    const gone = await providers.get('/api/v2/providers?version=999999');
    expect(gone.status).toBe(410);
    expect(await gone.json()).toMatchObject({ error: { code: 'VERSION_GONE' } });
  });

  it('answers 304 while nothing changed', async () => {
    // The other clouds of this service cannot be reached, and each failed sync is a new state: one may fall in between.
    const unchanged = await eventually(
      async () => {
        const etag = (await providers.get('/api/v2/providers?gpu_type=h100')).headers.get('etag') ?? '';
        return providers.get('/api/v2/providers?gpu_type=h100', { 'if-none-match': etag });
      },
      ({ status }) => status === 304,
    );
    expect(await unchanged.text()).toBe('');
    expect([unchanged.headers.get('content-type'), unchanged.headers.get('content-length')]).toEqual([null, null]);
  });

  it('documents every parameter with an example, and 304', async () => {
    const { paths } = (await (await providers.get('/openapi.json')).json()) as ApiDocument;
    const { parameters, responses } = paths['/api/v2/providers'].get;
    const speakForThemselves = ['example', 'enum', 'default', 'items'];
    for (const { name, schema } of parameters)
      expect({ name, shown: speakForThemselves.some((member) => member in schema) }).toEqual({ name, shown: true });
    expect(responses).toHaveProperty('304');
  });

  it('warns of what it ignored, and refuses it when asked to be strict', async () => {
    expect((await providers.list('?colour=red')).warnings).toEqual(['Unknown parameter ignored: colour']);
    expect((await providers.get('/api/v2/providers?colour=red', { prefer: 'handling=strict' })).status).toBe(422);
  });

  it('shows one offer with what the list leaves out', async () => {
    const [first] = (await providers.list('?gpu_type=a4000')).items;
    const detail = await (await providers.get(`/api/v2/providers/${first?.id}`)).json();
    expect(detail).toMatchObject({
      id: first?.id,
      upstream_gpu_name: 'NVIDIA RTX A4000',
      availability_known: true,
      spot_kind: null,
      price_includes: ['gpu', 'cpu', 'ram'],
      price_observed_at: first?.last_seen_at,
      availability_observed_at: first?.last_seen_at,
      availability_changed_at: null,
      quarantine: null,
      explanation: expect.arrayContaining(['The price includes gpu, cpu and ram.']),
      attributes: expect.any(Object),
    });
  });

  it.each([
    '/api/v2/providers/nonsense',
    '/api/v2/providers/00000000-0000-4000-8000-000000000000',
    '/api/v2/providers/00000000-0000-4000-8000-000000000000/history',
    '/api/v2/nothing',
  ])('answers %s with 404 in the envelope', async (path) => {
    const response = await providers.get(path);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: 'NOT_FOUND' } });
  });

  it('answers a wrong method with 405 and the right ones', async () => {
    const response = await fetch(`${providers.service.url}/api/v2/providers`, { method: 'DELETE' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET');
  });

  it('describes its part of the API', async () => {
    const document = (await (await providers.get('/openapi.json')).json()) as {
      paths: Record<string, { get: { operationId: string } }>;
    };
    expect(document.paths['/api/v2/providers']?.get.operationId).toBe('listOffers');
  });
});
