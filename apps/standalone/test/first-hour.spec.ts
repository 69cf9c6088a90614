import { MACRO_REGIONS, type ProviderItemDto, type ProviderListDto } from '@gpubroker/contracts/offers';
import { eventually } from '@gpubroker/testing/eventually';
import fc from 'fast-check';
import { welcome } from '../src/welcome';
import { naiveFilter, type MacroRegions } from './support/naive-filter';
import { CLOUDS, PATIENCE, startProduct, type Product } from './support/product';
import { queryOf, randomQuestions } from './support/random-questions';

/** The members of an offer, as SPEC P7 names them. */
const PROVIDER_ITEM = [
  ['id', 'provider', 'provider_name', 'external_id', 'gpu_type', 'gpu_family', 'gpu_count', 'gpu_memory_gb'],
  ['cpu_cores', 'ram_gb', 'storage_gb', 'price_per_hour', 'price_per_node_hour', 'currency', 'pricing', 'region'],
  ['availability_status', 'compliance_tags', 'source', 'stale', 'reliability_score', 'observed_at', 'last_seen_at'],
  ['price_changed_at', 'cost_per_token', 'cost_per_gflop'],
].flat();

describe("a newcomer's first hour", () => {
  let product: Product;

  beforeAll(async () => {
    product = await startProduct();
    await product.untilFilled();
  });

  afterAll(() => product.stop());

  describe('reading what the terminal says', () => {
    it('was told of each step while it was taken', () => {
      expect(product.said[0]).toMatch(/^database: embedded PostgreSQL on port \d+, data in /);
      for (const { name, url } of product.standalone.services)
        expect(product.said).toContain(`${name} listens on ${url}`);
    });

    it('finds an answer at every address of the gateway that was printed', async () => {
      const { gatewayUrl } = product.standalone;
      const printed = welcome(product.standalone).match(/https?:\/\/[^\s']+/g) ?? [];
      const pages = printed.filter((url) => url.startsWith(gatewayUrl) && url !== gatewayUrl);
      expect(pages.length).toBeGreaterThanOrEqual(7);
      for (const url of pages) expect({ url, status: (await fetch(url)).status }).toEqual({ url, status: 200 });
    });

    it('finds offers behind the curl lines that list them', async () => {
      const lines = welcome(product.standalone).match(/(?<=curl ')[^']+/g) ?? [];
      expect(lines).toHaveLength(3);
      for (const url of lines) {
        const { total } = (await (await fetch(url)).json()) as ProviderListDto;
        expect({ url, found: total > 0 }).toEqual({ url, found: true });
      }
    });

    it('reads the documentation and the document behind it', async () => {
      expect(await (await product.get('/api/v2/docs')).text()).toContain('swagger-ui');
      const { openapi, paths } = (await (await product.get('/api/v2/openapi.json')).json()) as {
        openapi: string;
        paths: Record<string, Record<string, { operationId: string }>>;
      };
      expect(openapi).toMatch(/^3\./);
      expect(paths['/api/v2/providers']?.get?.operationId).toBe('listOffers');
    });

    it('sees every service healthy', async () => {
      const health = await eventually(
        async () => (await (await product.get('/health')).json()) as Record<string, unknown>,
        ({ status }) => status === 'ok',
        PATIENCE,
      );
      expect(health).toMatchObject({ providers: 'up', timestamp: expect.stringMatching(/Z$/) });
    });
  });

  describe('looking for an H100', () => {
    it('lists offers with everything that an offer has', async () => {
      const { items, total } = await product.list('?gpu_type=h100&sort=price_per_hour');
      expect(total).toBeGreaterThan(0);
      for (const item of items) {
        expect(Object.keys(item).sort()).toEqual([...PROVIDER_ITEM].sort());
        expect(item.gpu_type.toLowerCase()).toContain('h100');
        expect(item.source).toBe('emulator');
      }
      const prices = items.map(({ price_per_hour }) => price_per_hour);
      expect(prices).toEqual([...prices].sort((a, b) => a - b));
    });

    it('looks at one offer and at what it cost before', async () => {
      const [first] = (await product.list('?gpu_type=h100&availability=available')).items;
      const detail = (await (await product.get(`/api/v2/providers/${first?.id}`)).json()) as ProviderItemDto;
      expect(detail).toMatchObject({ id: first?.id, gpu_type: first?.gpu_type });
      const history = (await (await product.get(`/api/v2/providers/${first?.id}/history`)).json()) as {
        items: unknown[];
      };
      expect(history.items.length).toBeGreaterThan(0);
    });

    it('sees prices move without doing anything', async () => {
      await eventually(
        () => product.everyOffer(),
        (offers) => offers.some(({ price_changed_at }) => price_changed_at !== null),
        PATIENCE,
      );
    });
  });

  describe('walking along the links while the market ticks', () => {
    it('meets each offer of the first page’s version exactly once', async () => {
      const first = await product.list('?per_page=50');
      const seen: string[] = [];
      for (let path: string | null = `/api/v2/providers?per_page=50&version=${first.meta.version}`; path !== null;) {
        const response = await product.get(path);
        seen.push(...((await response.json()) as ProviderListDto).items.map(({ id }) => id));
        if (seen.length === 100) await moveTheMarket(product, first.meta.version);
        path = /<([^>]+)>; rel="next"/.exec(response.headers.get('link') ?? '')?.[1] ?? null;
      }
      expect(seen).toHaveLength(first.total);
      expect(new Set(seen).size).toBe(first.total);
      expect((await product.list()).meta.version).not.toBe(first.meta.version);
    });

    it('finds each region in one macro-region at most, and those that everybody knows where they are', async () => {
      const { version } = (await product.list()).meta;
      expect([...(await readMacroRegions(product, version))]).toEqual(
        expect.arrayContaining([
          ['de-germany', 'eu'],
          ['us-virginia', 'us'],
          ['gb-united-kingdom', 'uk'],
          ['jp-japan', 'asia'],
          ['br-brazil', 'latam'],
        ]),
      );
    });

    it('gets the same answers to 1,000 questions as from looking at each row', async () => {
      const { version } = (await product.list()).meta;
      const rows = await product.everyOffer(version);
      const macroRegions = await readMacroRegions(product, version);
      await fc.assert(
        fc.asyncProperty(
          randomQuestions(rows),
          fc.integer({ min: 1, max: 3 }),
          fc.constantFrom(10, 20, 50, 100),
          async (question, page, perPage) => {
            const expected = naiveFilter(rows, macroRegions, question).map(({ id }) => id);
            const query = queryOf(question);
            query.set('version', version);
            query.set('page', String(page));
            query.set('per_page', String(perPage));
            const { items, total } = await product.list(`?${query.toString()}`);
            expect(total).toBe(expected.length);
            expect(items.map(({ id }) => id)).toEqual(expected.slice((page - 1) * perPage, page * perPage));
          },
        ),
        { numRuns: 1_000 },
      );
    });
  });
});

async function readMacroRegions(product: Product, version: string): Promise<MacroRegions> {
  const found = new Map<string, string>();
  for (const macro of MACRO_REGIONS)
    for (const { region } of await product.everyOffer(version, `region=${macro}`)) {
      expect([macro, undefined]).toContain(found.get(region));
      found.set(region, macro);
    }
  return found;
}

/** Hours of trade at once, until a newer catalogue has them. */
async function moveTheMarket(product: Product, version: string): Promise<void> {
  for (const provider of CLOUDS) await product.emulator('__market', { provider, action: 'tick', steps: 60 });
  await eventually(
    () => product.list(),
    ({ meta }) => Number(meta.version) > Number(version),
    PATIENCE,
  );
}
