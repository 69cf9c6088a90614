import { StubCloud } from '../conformance';
import { UpstreamHttp } from '../upstream';
import { BaseProviderAdapter } from './base-provider.adapter';
import { BookingNotSupportedError, InvalidBookingError } from './booking';
import { OfferBatchBuilder } from './offer-batch.builder';
import type { ProviderFacts } from './provider-facts';
import type { OfferBatch, ProviderOffer } from './provider-offer';
import { ProviderRegistry, UnknownProviderError } from './provider-registry';
import type { PullRequest } from './pull-request';

const facts: ProviderFacts = {
  slug: 'quiet',
  displayName: 'Quiet',
  defaultBaseUrl: 'https://quiet.example/',
  keyless: false,
  credentialFields: ['api_key', 'account'],
  requestsPerMinute: 1,
  complianceTags: [],
  complianceSource: null,
  probe: { method: 'GET', path: '/' },
  bookable: false,
};

class QuietAdapter extends BaseProviderAdapter {
  static readonly facts = facts;
  readonly facts = facts;
  readonly pulls: PullRequest[] = [];

  pull(request: PullRequest): Promise<OfferBatch> {
    this.pulls.push(request);
    return Promise.resolve({ offers: [], rejected: [] });
  }

  validateCredentials(): Promise<boolean> {
    this.assertDuration(1);
    return Promise.resolve(true);
  }

  checkDuration(hours: number): void {
    this.assertDuration(hours);
  }
}

describe('ProviderRegistry', () => {
  it('returns the class registered under a name and lists the names in order', () => {
    class Earlier extends QuietAdapter {
      static override readonly facts = { ...facts, slug: 'earlier' };
    }
    const registry = new ProviderRegistry().register('quiet', QuietAdapter).register('earlier', Earlier);
    expect(registry.getAdapter('quiet')).toBe(QuietAdapter);
    expect(registry.listAdapters()).toEqual(['earlier', 'quiet']);
  });

  it('names the known adapters when asked for an unknown one', () => {
    const registry = new ProviderRegistry().register('quiet', QuietAdapter);
    expect(() => registry.getAdapter('loud')).toThrow(new UnknownProviderError('loud', ['quiet']));
    expect(() => registry.getAdapter('loud')).toThrow('known: quiet');
    expect(() => new ProviderRegistry().getAdapter('loud')).toThrow('known: none');
  });

  it('refuses a second adapter of one name', () => {
    const registry = new ProviderRegistry().register('quiet', QuietAdapter);
    expect(() => registry.register('quiet', QuietAdapter)).toThrow('registered twice');
  });

  it('refuses a name that is not the adapter’s own', () => {
    expect(() => new ProviderRegistry().register('silent', QuietAdapter)).toThrow('calls itself "quiet"');
  });
});

describe('BaseProviderAdapter', () => {
  const upstream = new UpstreamHttp({ provider: 'quiet' });
  afterAll(() => upstream.close());

  it('asks the cloud’s own address unless told otherwise', () => {
    expect(new QuietAdapter({ upstream }).baseUrl).toBe('https://quiet.example');
    expect(new QuietAdapter({ upstream, baseUrl: 'http://127.0.0.1:1/x/' }).baseUrl).toBe('http://127.0.0.1:1/x');
  });

  it('passes a token on as the first credential', async () => {
    const adapter = new QuietAdapter({ upstream });
    await adapter.getOffers('secret');
    await adapter.getOffers(null);
    expect(adapter.pulls.map(({ credentials }) => credentials)).toEqual([{ api_key: 'secret' }, null]);
  });

  it('says that it cannot book', async () => {
    const adapter = new QuietAdapter({ upstream });
    await expect(adapter.bookInstance('x', 1, { credentials: {} })).rejects.toThrow(BookingNotSupportedError);
    await expect(adapter.terminate('x', { credentials: {} })).rejects.toThrow(BookingNotSupportedError);
  });

  it('refuses a booking for no time', () => {
    const adapter = new QuietAdapter({ upstream });
    expect(() => {
      adapter.checkDuration(0);
    }).toThrow(InvalidBookingError);
  });

  it('counts a refusal of the caller as a living endpoint', async () => {
    const cloud = await StubCloud.start(() => ({ status: 401 }));
    const http = new UpstreamHttp({ provider: 'quiet', privateHosts: [cloud.host] });
    expect(await new QuietAdapter({ upstream: http, baseUrl: cloud.baseUrl }).probe()).toBe(true);
    await http.close();
    await cloud.stop();
  });
});

describe('OfferBatchBuilder', () => {
  const offer = (externalId: string) => ({ externalId }) as ProviderOffer;

  it('rejects a second offer of one id', () => {
    const builder = new OfferBatchBuilder();
    builder.accept(offer('a'));
    builder.accept(offer('a'));
    expect(builder.build()).toMatchObject({
      offers: [{ externalId: 'a' }],
      rejected: [{ reason: 'duplicate', row: 'a' }],
    });
  });

  it('rejects an id that the table cannot hold', () => {
    const builder = new OfferBatchBuilder();
    builder.accept(offer('x'.repeat(256)));
    expect(builder.build().rejected).toMatchObject([{ reason: 'out_of_range', row: 'x'.repeat(255) }]);
  });
});
