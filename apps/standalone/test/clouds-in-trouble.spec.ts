import { eventually } from '@gpubroker/testing/eventually';
import { CLOUDS, PATIENCE, startProduct, type Product } from './support/product';

/** Syncs every second, and circuits that open, wait and close within seconds. */
const QUICK = {
  EMULATOR_SPEED: '300',
  UPSTREAM_TIMEOUT_MS: '1500',
  UPSTREAM_MAX_BYTES: '5000000',
  PROVIDER_BREAKER_FAILURES: '3',
  PROVIDER_BREAKER_OPEN_MS: '1000',
};

type Cloud = (typeof CLOUDS)[number];

describe('a cloud in trouble', () => {
  let product: Product;

  beforeAll(async () => {
    product = await startProduct(QUICK);
    await product.untilFilled();
    // What a cloud sells must not change by itself while it is compared with what it sold before.
    for (const provider of CLOUDS) await product.emulator('__market', { provider, action: 'freeze' });
    await eventuallySynced(product, CLOUDS, Date.now());
  });

  afterAll(() => product.stop());

  describe.each<[mode: string, Cloud, outcome: string]>([
    ['slow', 'runpod', 'timeout'],
    ['hang', 'vastai', 'timeout'],
    ['500', 'azure', 'status_5xx'],
    ['garbage', 'runpod', 'malformed'],
    ['huge', 'vastai', 'too_large'],
  ])('that answers in mode %s', (mode, provider, outcome) => {
    const others = CLOUDS.filter((slug) => slug !== provider);
    let before: string[];

    beforeAll(async () => {
      before = await idsOf(product, provider);
      await product.emulator('__mode', { provider, mode });
    });

    it('is shown with an open circuit and stale while the others stay fresh', async () => {
      const began = Date.now();
      await eventually(
        () => product.clouds(),
        (clouds) => {
          const troubled = clouds.find((cloud) => cloud.provider === provider);
          return (
            troubled?.stale === true &&
            troubled.breaker !== 'closed' &&
            troubled.error_count > 0 &&
            others.every((slug) =>
              clouds.some((one) => one.provider === slug && !one.stale && one.breaker === 'closed'),
            )
          );
        },
        PATIENCE,
      );
      await eventuallySynced(product, others, began);
    });

    it('has the reason counted and the state of its circuit in the metrics', async () => {
      const text = await product.metrics('providers');
      expect(valueOf(text, 'gpubroker_provider_syncs_total', { provider, outcome })).toBeGreaterThan(0);
      await eventually(
        () => product.metrics('providers'),
        (now) => valueOf(now, 'gpubroker_breaker_state', { name: `provider:${provider}` }) > 0,
        PATIENCE,
      );
    });

    it('keeps its last good offers, marked stale', async () => {
      const offers = await product.everyOffer();
      const own = offers.filter((offer) => offer.provider === provider);
      expect(own.map(({ id }) => id).sort()).toEqual(before);
      expect(own.filter(({ stale }) => !stale)).toEqual([]);
    });

    it('is fresh again by itself once it answers as it should', async () => {
      await product.emulator('__mode', { provider, mode: 'ok' });
      await eventually(
        () => product.cloud(provider),
        ({ stale, breaker, error_count }) => !stale && breaker === 'closed' && error_count === 0,
        PATIENCE,
      );
      expect(await idsOf(product, provider)).toEqual(before);
    });
  });

  describe('that sends broken rows', () => {
    const provider = 'azure';
    let before: string[];

    beforeAll(async () => {
      before = await idsOf(product, provider);
      await product.emulator('__mode', { provider, mode: 'bad_rows' });
    });

    afterAll(() => product.emulator('__mode', { provider, mode: 'ok' }));

    it('has every broken row counted with its reason, and keeps the offers that were in them', async () => {
      const { breaker } = await eventually(
        () => product.cloud(provider),
        ({ last_failure, stale }) => last_failure === 'bad_rows' && stale,
        PATIENCE,
      );
      expect(breaker).toBe('closed');
      const text = await product.metrics('providers');
      const reasons = [...text.matchAll(/^gpubroker_offer_rejections_total\{provider="azure",reason="(\w+)"/gm)];
      expect(reasons.map(([, reason]) => reason)).toEqual(expect.arrayContaining(['malformed', 'out_of_range']));
      expect(await idsOf(product, provider)).toEqual(before);
    });
  });

  describe('that has no machine to rent out', () => {
    const provider = 'runpod';

    afterAll(() => product.emulator('__mode', { provider, mode: 'ok' }));

    it('goes on listing its offers', async () => {
      await product.emulator('__mode', { provider, mode: 'capacity' });
      await eventuallySynced(product, [provider], Date.now());
      expect(await product.cloud(provider)).toMatchObject({ stale: false, breaker: 'closed', last_failure: null });
    });
  });
});

async function idsOf(product: Product, provider: string): Promise<string[]> {
  const offers = await product.everyOffer();
  return offers
    .filter((offer) => offer.provider === provider)
    .map(({ id }) => id)
    .sort();
}

async function eventuallySynced(product: Product, slugs: readonly string[], since: number): Promise<void> {
  await eventually(
    () => product.clouds(),
    (clouds) =>
      slugs.every((slug) =>
        clouds.some(({ provider, last_sync_at }) => provider === slug && Date.parse(last_sync_at ?? '') > since),
      ),
    PATIENCE,
  );
}

/** One sample of a Prometheus text; 0 when there is none. */
function valueOf(text: string, metric: string, labels: Record<string, string>): number {
  const line = text
    .split('\n')
    .find(
      (one) =>
        one.startsWith(`${metric}{`) &&
        Object.entries(labels).every(([name, value]) => one.includes(`${name}="${value}"`)),
    );
  return Number(line?.split(' ').at(-1) ?? 0);
}
