import type { CostPerGflopAnswerDto, CostPerTokenAnswerDto } from '@gpubroker/contracts/math';
import type { ProviderItemDetailDto, ProviderItemDto, ProviderListDto } from '@gpubroker/contracts/offers';
import { mathCoreService } from '@gpubroker/math-core';
import { startService, type RunningService } from '@gpubroker/platform/service';
import { eventually } from '@gpubroker/testing/eventually';
import { PATIENCE, startProduct, urlOf, type Product } from './support/product';

const BUYER = { email: 'unit-costs@example.com', password: 'a long pass phrase of nobody' };

describe('what a token costs, through the gateway', () => {
  let product: Product;

  beforeAll(async () => {
    // On a slow machine the outage lasts long enough to open the circuit, which is not what is waited for here.
    product = await startProduct({ MATH_REFRESH_SECONDS: '1', MATH_BREAKER_OPEN_MS: '1000' });
    await product.untilFilled();
    await untilCosted(product);
    await freezeTheMarket(product);
  });

  afterAll(() => product.stop());

  it('is said of every H100, A100, L40S and RTX 4090 that is sold whole', async () => {
    for (const gpu of ['h100-sxm', 'h100-pcie', 'a100-80gb', 'l40s', 'rtx-4090']) {
      const { items } = await product.list(`?gpu_type=${gpu}&per_page=100`);
      const whole = items.filter(({ gpu_count }) => gpu_count === null || gpu_count >= 1);
      expect(whole.length).toBeGreaterThan(0);
      expect(
        whole.filter(({ cost_per_token, cost_per_gflop }) => cost_per_token === null || cost_per_gflop === null),
      ).toEqual([]);
    }
  });

  it("is, to the last digit, what math-core answers to the offer's own question", async () => {
    const token = await signIn(product);
    const mathCore = `${urlOf(product.standalone, 'math-core')}/api/v2/math`;
    const ask = <T>(question: string, body: object): Promise<T> =>
      post(`${mathCore}/${question}`, body, { authorization: `Bearer ${token}` });
    const oneOfEach = [...new Map((await product.everyOffer()).map((offer) => [offer.gpu_type, offer])).values()];
    const costed = oneOfEach.filter(({ cost_per_token }) => cost_per_token !== null);
    expect(costed.length).toBeGreaterThan(5);
    for (const offer of costed) {
      const { price_per_hour, gpu_type } = offer;
      const task = { price_per_hour, gpu_type, model_size: '7b' };
      const { cost_per_token } = await ask<CostPerTokenAnswerDto>('cost-per-token', task);
      const { cost_per_gflop } = await ask<CostPerGflopAnswerDto>('cost-per-gflop', { price_per_hour, gpu_type });
      expect({ gpu: offer.gpu_type, cost_per_token, cost_per_gflop }).toEqual({
        gpu: offer.gpu_type,
        cost_per_token: offer.cost_per_token,
        cost_per_gflop: offer.cost_per_gflop,
      });
    }
  });

  it('is explained', async () => {
    const [cheapest] = (await product.list('?sort=cost_per_token')).items;
    const detail = (await (await product.get(`/api/v2/providers/${cheapest?.id}`)).json()) as ProviderItemDetailDto;
    expect(detail.cost_per_token).toBe(cheapest?.cost_per_token);
    expect(detail.explanation.join(' ')).toMatch(/A generated token costs 0\.0000\d+ USD: .* llama-2-7b in fp16/);
  });

  it.each([
    ['cost_per_token', 1],
    ['-cost_per_token', -1],
  ])('orders the whole result by %s, unknown ones last', async (sort, sign) => {
    const { version } = (await product.list()).meta;
    const walked = await product.everyOffer(version, `sort=${sort}`);
    const naive = (await product.everyOffer(version)).sort((a, b) => {
      const [x, y] = [a.cost_per_token, b.cost_per_token];
      if (x === y) return a.id < b.id ? -1 : 1;
      return x === null ? 1 : y === null ? -1 : (x - y) * sign;
    });
    expect(walked.map(({ id }) => id)).toEqual(naive.map(({ id }) => id));
    expect(walked.at(-1)?.cost_per_token).toBeNull();
  });

  describe('while math-core is down', () => {
    let before: Map<string, number | null>;
    let again: RunningService | undefined;

    beforeAll(async () => {
      before = costsOf(await product.everyOffer());
      await product.standalone.services.find(({ name }) => name === 'math-core')?.stop();
    });

    afterAll(() => again?.stop());

    it('is what it last was, with a warning, and no list fails', async () => {
      const list = await eventually(
        () => product.list('?sort=cost_per_token'),
        ({ warnings }) => warnings?.some((text) => text.includes('math-core')) ?? false,
        PATIENCE,
      );
      expect(list.items[0]?.cost_per_token).not.toBeNull();
      expect(costsOf(await product.everyOffer())).toEqual(before);
    });

    it('is of now again once it is back', async () => {
      again = await startService(mathCoreService, {
        LOG_LEVEL: 'silent',
        DATABASE_URL: product.standalone.database.url,
        MATH_CORE_PORT: new URL(urlOf(product.standalone, 'math-core')).port,
      });
      await untilCosted(product);
      expect(costsOf(await product.everyOffer())).toEqual(before);
    });
  });
});

async function untilCosted(product: Product): Promise<ProviderListDto> {
  return eventually(
    () => product.list('?gpu_type=h100-sxm'),
    ({ items, warnings }) =>
      warnings === undefined && items.length > 0 && items.every(({ cost_per_token }) => cost_per_token !== null),
    PATIENCE,
  );
}

/** What is compared before and after must not have changed its price meanwhile. */
async function freezeTheMarket(product: Product): Promise<void> {
  for (const { provider } of await product.clouds()) await product.emulator('__market', { provider, action: 'freeze' });
  const since = Date.now();
  await eventually(
    () => product.clouds(),
    (clouds) => clouds.every(({ last_sync_at }) => Date.parse(last_sync_at ?? '') > since),
    PATIENCE,
  );
}

const costsOf = (offers: readonly ProviderItemDto[]) =>
  new Map(offers.map(({ id, cost_per_token }) => [id, cost_per_token] as const));

async function signIn(product: Product): Promise<string> {
  const auth = `${product.standalone.gatewayUrl}/api/v2/auth`;
  await post(`${auth}/register`, { ...BUYER, full_name: 'A Buyer', organization: 'Unit costs' });
  const { access_token } = await post<{ access_token: string }>(`${auth}/login`, BUYER);
  return access_token;
}

async function post<T>(url: string, body: unknown, headers: Record<string, string> = {}): Promise<T> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as T;
}
