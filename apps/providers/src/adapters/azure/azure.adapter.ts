import {
  BaseProviderAdapter,
  type Credentials,
  type OfferBatch,
  type ProviderFacts,
  type PullRequest,
} from '@gpubroker/provider-adapter/adapter';
import {
  UpstreamIncompleteError,
  UpstreamMalformedError,
  UpstreamStatusError,
} from '@gpubroker/provider-adapter/upstream';
import { complianceOf } from '../cloud-compliance';
import { AZURE_REGIONS } from './azure.regions';
import { azureBatch, azurePage } from './azure.rows';

const PRICES_PATH = '/api/retail/prices';
const LOGIN_URL = 'https://login.microsoftonline.com';
/** Regions asked at the same time. */
const CONCURRENT_REGIONS = 4;
/** Of one region: 20,000 prices. More means that the links go round. */
const MOST_PAGES = 200;

export class AzureAdapter extends BaseProviderAdapter {
  static readonly facts: ProviderFacts = {
    slug: 'azure',
    displayName: 'Microsoft Azure',
    defaultBaseUrl: 'https://prices.azure.com',
    keyless: true,
    credentialFields: ['tenant_id', 'client_id', 'client_secret', 'subscription_id'],
    requestsPerMinute: 300,
    complianceTags: complianceOf('azure').tags,
    complianceSource: complianceOf('azure').source,
    probe: { method: 'GET', path: `${PRICES_PATH}?${priceQuery('westus3')}` },
    bookable: false,
  };
  readonly facts = AzureAdapter.facts;

  async pull({ signal }: PullRequest): Promise<OfferBatch> {
    const perRegion = new Map<string, readonly unknown[]>();
    const waiting = [...AZURE_REGIONS];
    const failed = new AbortController();
    const stop = signal === undefined ? failed.signal : AbortSignal.any([signal, failed.signal]);
    const walk = async () => {
      for (let region = waiting.shift(); region !== undefined; region = waiting.shift()) {
        perRegion.set(region, await this.pagesOf(region, stop));
      }
    };
    try {
      await Promise.all(Array.from({ length: CONCURRENT_REGIONS }, walk));
    } finally {
      // One region that fails ends the pull; the others would go on asking for nobody.
      failed.abort();
    }
    // In the order of the list, not of the answers: the same prices must give the same batch.
    return azureBatch(AZURE_REGIONS.flatMap((region) => perRegion.get(region) ?? []));
  }

  /** Asks for a token, which is what every call to Azure needs first. Prices themselves need none. */
  async validateCredentials(credentials: Credentials, options: { signal?: AbortSignal } = {}): Promise<boolean> {
    const tenant = credentials['tenant_id'] ?? '';
    const login = this.baseUrl === this.facts.defaultBaseUrl ? LOGIN_URL : this.baseUrl;
    try {
      await this.upstream.json({
        method: 'POST',
        url: `${login}/${encodeURIComponent(tenant)}/oauth2/v2.0/token`,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: credentials['client_id'] ?? '',
          client_secret: credentials['client_secret'] ?? '',
          scope: 'https://management.azure.com/.default',
        }).toString(),
        idempotent: true,
        signal: options.signal,
      });
      return true;
    } catch (error) {
      // 400: no such tenant or application; 401: wrong secret.
      if (error instanceof UpstreamStatusError && error.status >= 400 && error.status < 404) return false;
      throw error;
    }
  }

  private async pagesOf(region: string, signal: AbortSignal | undefined): Promise<unknown[]> {
    const items: unknown[] = [];
    const seen = new Set<string>();
    let url: string | null = `${this.url(PRICES_PATH)}?${priceQuery(region)}`;
    while (url !== null) {
      if (seen.has(url) || seen.size >= MOST_PAGES) {
        throw new UpstreamIncompleteError(this.facts.slug, `the pages of ${region} do not end`);
      }
      seen.add(url);
      const json = await this.upstream.json({ method: 'GET', url, signal });
      const page = this.parse(azurePage, json, 'the answer has no list of items');
      items.push(...page.Items);
      url = this.nextPage(page.NextPageLink ?? null);
    }
    return items;
  }

  /** A link from outside: followed on the price list's own host only. */
  private nextPage(link: string | null): string | null {
    if (link === null || link === '') return null;
    const own = new URL(this.baseUrl);
    if (!URL.canParse(link) || new URL(link).origin !== own.origin) {
      throw new UpstreamMalformedError(this.facts.slug, 'the next page is on another host');
    }
    return link;
  }
}

/** %20 for a space, as the service's own links have it; not every OData reader takes a plus. */
function priceQuery(region: string): string {
  const filter =
    `serviceName eq 'Virtual Machines' and priceType eq 'Consumption' and armRegionName eq '${region}' ` +
    "and contains(armSkuName, 'Standard_N')";
  return `api-version=2023-01-01-preview&currencyCode=${encodeURIComponent("'USD'")}&$filter=${encodeURIComponent(filter)}`;
}
