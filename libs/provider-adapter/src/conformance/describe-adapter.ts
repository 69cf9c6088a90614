import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PRICING_KINDS } from '@gpubroker/contracts/offers';
import { REJECTION_REASONS, type AdapterClass, type BaseProviderAdapter, type OfferBatch } from '../adapter';
import { GPU_MODELS, macroRegionOf } from '../normalise';
import { isUpstreamError, UpstreamHttp, type UpstreamHttpOptions } from '../upstream';
import { StubCloud, type StubHandler } from './stub-cloud';

export interface AdapterCase {
  readonly name: string;
  /** Plays the cloud for one pull. */
  readonly cloud: StubHandler;
  /** GPU names of the payload that no table knows: they must come out as offers all the same. */
  readonly unknownGpus?: readonly string[];
  /** Offers that the payload holds; checked when given. */
  readonly offers?: number;
}

export interface AdapterCases {
  /** One value per credential field; looked for in every error. */
  readonly credentials: Readonly<Record<string, string>>;
  readonly cases: readonly AdapterCase[];
}

const CANONICAL = new Set(GPU_MODELS.map(({ canonical }) => canonical));
const MAX_BYTES = 64 * 1024;

const FAILURES: readonly (readonly [what: string, reason: string, cloud: StubHandler])[] = [
  ['401', 'unauthorized', echo(401)],
  ['429', 'rate_limited', echo(429)],
  ['500', 'status_5xx', echo(500)],
  ['a redirect', 'redirect', () => ({ status: 302, headers: { location: 'http://127.0.0.1:9/' }, body: '' })],
  ['half a JSON document', 'malformed', () => ({ body: '{"offers": [{"id": 1' })],
  ['JSON of another shape', 'malformed', () => ({ body: { unexpected: ['shape'] } })],
  ['an HTML page', 'malformed', () => ({ body: '<html><body>maintenance</body></html>' })],
  ['nothing at all', 'timeout', () => ({ hang: true })],
  ['more than the size cap', 'too_large', () => ({ body: Buffer.alloc(MAX_BYTES + 1, 0x20) })],
];

/**
 * What every adapter must do, run against a real server on this machine. Called at the top level of a spec; each adapter
 * adds its own tables of rows beside it.
 */
export function describeAdapter(Adapter: AdapterClass, { credentials, cases }: AdapterCases): void {
  describe(`every adapter's duties: ${Adapter.facts.slug}`, () => {
    let cloud: StubCloud;
    const opened: UpstreamHttp[] = [];

    beforeAll(async () => {
      cloud = await StubCloud.start();
    });
    afterAll(async () => {
      await Promise.all(opened.map((upstream) => upstream.close()));
      await cloud.stop();
    });

    const adapterWith = (options: Partial<UpstreamHttpOptions> = {}): BaseProviderAdapter => {
      const upstream = new UpstreamHttp({
        provider: Adapter.facts.slug,
        privateHosts: [cloud.host],
        attempts: 1,
        ...options,
      });
      opened.push(upstream);
      return new Adapter({ upstream, baseUrl: cloud.baseUrl });
    };

    it('states facts that fit together', () => {
      const { facts } = adapterWith();
      expect(facts).toBe(Adapter.facts);
      expect(facts.slug).toMatch(/^[a-z0-9][a-z0-9-]*$/);
      expect(facts.defaultBaseUrl).toMatch(/^https:\/\/[^?#]+[^/]$/);
      expect(facts.requestsPerMinute).toBeGreaterThan(0);
      expect(facts.complianceSource === null).toBe(facts.complianceTags.length === 0);
      expect(facts.credentialFields.every((field) => field in credentials)).toBe(true);
    });

    describe.each(cases.map((one) => ({ title: one.name, one })))('$title', ({ one }) => {
      let batch: OfferBatch;

      beforeAll(async () => {
        cloud.use(one.cloud);
        batch = await adapterWith().pull({ credentials: null });
      });

      it('gives the offers that the payload holds', () => {
        if (one.offers === undefined) expect(batch.offers.length + batch.rejected.length).toBeGreaterThan(0);
        else expect(batch.offers).toHaveLength(one.offers);
      });

      it('gives each offer an id of its own that a table can hold', () => {
        const ids = batch.offers.map(({ externalId }) => externalId);
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids.filter((id) => id.length === 0 || id.length > 255)).toEqual([]);
      });

      it('prices every offer above zero in plain decimals', () => {
        const wrong = batch.offers.filter(
          ({ pricePerGpuHour, pricePerNodeHour, gpuCount }) =>
            !isPositiveDecimal(pricePerGpuHour) || !isPositiveDecimal(pricePerNodeHour) || !(gpuCount > 0),
        );
        expect(wrong).toEqual([]);
      });

      it('uses the words of the contract', () => {
        for (const offer of batch.offers) {
          expect(offer.provider).toBe(Adapter.facts.slug);
          expect(PRICING_KINDS).toContain(offer.pricing);
          expect(offer.currency).toMatch(/^[A-Z]{3}$/);
          expect(offer.region).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
          expect(offer.macroRegion).toBe(macroRegionOf(offer.region));
          expect(offer.gpuMemoryGb === null || offer.gpuMemoryGb > 0).toBe(true);
          expect(JSON.parse(JSON.stringify(offer.attributes))).toEqual(offer.attributes);
        }
        for (const row of batch.rejected) expect(REJECTION_REASONS).toContain(row.reason);
      });

      it('calls only those names exact or alias that are models', () => {
        const claimed = batch.offers.filter(({ gpuMatch }) => gpuMatch === 'exact' || gpuMatch === 'alias');
        expect(claimed.filter(({ gpuType }) => !CANONICAL.has(gpuType))).toEqual([]);
      });

      it('lists unknown GPUs and does not drop them', () => {
        const unknown = batch.offers.filter(({ gpuMatch }) => gpuMatch === 'unknown');
        const names = new Set(unknown.map(({ upstreamGpuName }) => upstreamGpuName));
        expect([...(one.unknownGpus ?? [])].filter((name) => !names.has(name))).toEqual([]);
      });

      it('gives the same batch for the same answers', async () => {
        cloud.use(one.cloud);
        expect(await adapterWith().pull({ credentials: null })).toEqual(batch);
      });
    });

    it.each(FAILURES)(
      'turns %s into an error with reason %s that holds no credential',
      async (_what, reason, answer) => {
        cloud.use(answer);
        const adapter = adapterWith({ timeoutMs: 500, maxBytes: MAX_BYTES });
        const error: unknown = await adapter.pull({ credentials }).then(
          () => null,
          (thrown: unknown) => thrown,
        );
        expect(isUpstreamError(error) ? error.reason : error).toBe(reason);
        const said = error instanceof Error ? `${error.message}\n${String(error.stack)}\n${JSON.stringify(error)}` : '';
        expect(Object.values(credentials).filter((secret) => said.includes(secret))).toEqual([]);
      },
    );

    it('stops at once when the caller gives up', async () => {
      cloud.use(() => ({ hang: true }));
      const signal = AbortSignal.timeout(50);
      await expect(adapterWith().pull({ credentials: null, signal })).rejects.toMatchObject({ reason: 'aborted' });
    });

    it('probes a living endpoint as there and a dead one as not', async () => {
      cloud.use(() => ({ body: {} }));
      expect(await adapterWith().probe()).toBe(true);
      cloud.use(() => ({ status: 502 }));
      expect(await adapterWith().probe()).toBe(false);
      const gone = await StubCloud.start();
      await gone.stop();
      const upstream = new UpstreamHttp({ provider: Adapter.facts.slug, privateHosts: [gone.host], attempts: 1 });
      opened.push(upstream);
      expect(await new Adapter({ upstream, baseUrl: gone.baseUrl }).probe()).toBe(false);
    });
  });
}

/** Clouds repeat a bad key in their answer; the answer must not get into a message. */
function echo(status: number): StubHandler {
  return ({ headers, url, body }) => ({
    status,
    body: { error: `bad call ${url} ${JSON.stringify(headers)} ${body}` },
  });
}

function isPositiveDecimal(text: string): boolean {
  return /^\d+(?:\.\d+)?$/.test(text) && Number(text) > 0;
}
