import {
  BaseProviderAdapter,
  InvalidBookingError,
  type BookingOptions,
  type BookingResult,
  type Credentials,
  type OfferBatch,
  type ProviderFacts,
  type PullRequest,
  type TerminateOptions,
} from '@gpubroker/provider-adapter/adapter';
import {
  UpstreamIncompleteError,
  UpstreamMalformedError,
  UpstreamStatusError,
} from '@gpubroker/provider-adapter/upstream';
import { z } from 'zod';
import { goneOrDone } from '../cloud-answers';
import { complianceOf } from '../cloud-compliance';
import { text } from '../upstream-fields';
import { ociBatch, ociPriceList } from './oci.rows';
import { readPrivateKey, signedHeaders, type OciIdentity } from './oci.signature';

const PRICES_PATH = '/products/?currencyCode=USD';
/** The version of the Core and Identity APIs, which is a part of their paths. */
const API_VERSION = '/20160918';
const IMAGE_SYSTEM = 'Canonical Ubuntu';

const subnet = z.object({ compartmentId: z.string().min(1), availabilityDomain: text });
const domains = z.array(z.object({ name: z.string().min(1) }));
const images = z.array(z.object({ id: z.string().min(1) }));
const launched = z.object({ id: z.string().min(1) });

interface Account {
  readonly identity: OciIdentity;
  readonly region: string;
  readonly subnetId: string;
}

interface SignedCall {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly service: 'iaas' | 'identity';
  readonly path: string;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/**
 * Prices come from a public list; machines are rented through another API, by requests signed with the tenant's own RSA key,
 * in the tenant's own region and subnet.
 */
export class OciAdapter extends BaseProviderAdapter {
  static readonly facts: ProviderFacts = {
    slug: 'oci',
    displayName: 'Oracle Cloud Infrastructure',
    defaultBaseUrl: 'https://apexapps.oracle.com/pls/apex/cetools/api/v1',
    keyless: true,
    credentialFields: ['private_key', 'tenancy_ocid', 'user_ocid', 'fingerprint', 'region', 'subnet_ocid'],
    requestsPerMinute: 30,
    complianceTags: complianceOf('oci').tags,
    complianceSource: complianceOf('oci').source,
    probe: { method: 'GET', path: PRICES_PATH },
    bookable: true,
  };
  readonly facts = OciAdapter.facts;

  async pull({ signal }: PullRequest): Promise<OfferBatch> {
    const json = await this.upstream.json({ method: 'GET', url: this.url(PRICES_PATH), signal });
    const list = this.parse(ociPriceList, json, 'the answer has no list of items');
    // The whole list comes in one answer; how the rest of a longer one is asked for is not documented.
    if (list.hasMore === true) throw new UpstreamIncompleteError(this.facts.slug, 'the price list goes on');
    return ociBatch(list.items);
  }

  async validateCredentials(credentials: Credentials, options: { signal?: AbortSignal } = {}): Promise<boolean> {
    const account = accountFrom(credentials);
    if (account === null) return false;
    try {
      await this.signed(account, { method: 'GET', service: 'identity', path: '/regions', signal: options.signal });
      return true;
    } catch (error) {
      if (error instanceof UpstreamStatusError && error.reason === 'unauthorized') return false;
      throw error;
    }
  }

  override async bookInstance(offerId: string, durationHours: number, options: BookingOptions): Promise<BookingResult> {
    this.assertDuration(durationHours);
    const shape = shapeOf(offerId);
    const account = requireAccount(options.credentials);
    const { signal } = options;
    const { compartmentId, availabilityDomain } = await this.placeOf(account, signal);
    const imageId = await this.newestImage(account, compartmentId, shape, signal);
    const label = options.label ?? 'gpubroker';
    const json = await this.signed(account, {
      method: 'POST',
      service: 'iaas',
      path: '/instances/',
      body: {
        availabilityDomain,
        compartmentId,
        shape,
        displayName: label,
        createVnicDetails: { subnetId: account.subnetId },
        sourceDetails: {
          sourceType: 'image',
          imageId,
          ...(options.diskGb === undefined ? {} : { bootVolumeSizeInGBs: options.diskGb }),
        },
        freeformTags: { gpubroker: label },
      },
      signal,
    });
    const answer = this.parse(launched, json, 'the answer to a booking has no instance id');
    return this.booked(offerId, answer.id, durationHours);
  }

  override async terminate(instanceId: string, { credentials, signal }: TerminateOptions): Promise<void> {
    const path = `/instances/${encodeURIComponent(instanceId)}?preserveBootVolume=false`;
    await goneOrDone(this.signed(requireAccount(credentials), { method: 'DELETE', service: 'iaas', path, signal }));
  }

  /** The subnet says whose and, where it is bound to one, in which availability domain the machine will be. */
  private async placeOf(
    account: Account,
    signal: AbortSignal | undefined,
  ): Promise<{ compartmentId: string; availabilityDomain: string }> {
    const path = `/subnets/${encodeURIComponent(account.subnetId)}`;
    const json = await this.signed(account, { method: 'GET', service: 'iaas', path, signal });
    const { compartmentId, availabilityDomain } = this.parse(subnet, json, 'the answer is no subnet');
    return {
      compartmentId,
      availabilityDomain: availabilityDomain ?? (await this.firstDomain(account, compartmentId, signal)),
    };
  }

  private async firstDomain(account: Account, compartmentId: string, signal: AbortSignal | undefined): Promise<string> {
    const path = `/availabilityDomains/?compartmentId=${encodeURIComponent(compartmentId)}`;
    const list = domains.safeParse(await this.signed(account, { method: 'GET', service: 'identity', path, signal }));
    const first = list.data?.[0];
    if (first === undefined) throw new UpstreamMalformedError(this.facts.slug, 'the region has no availability domain');
    return first.name;
  }

  private async newestImage(
    account: Account,
    compartmentId: string,
    shape: string,
    signal: AbortSignal | undefined,
  ): Promise<string> {
    const query = new URLSearchParams({
      compartmentId,
      shape,
      operatingSystem: IMAGE_SYSTEM,
      sortBy: 'TIMECREATED',
      sortOrder: 'DESC',
      limit: '1',
    });
    const path = `/images/?${query.toString()}`;
    const list = images.safeParse(await this.signed(account, { method: 'GET', service: 'iaas', path, signal }));
    const newest = list.data?.[0];
    if (newest === undefined) throw new InvalidBookingError(`${account.region} has no image for ${shape}`);
    return newest.id;
  }

  private async signed(account: Account, { method, service, path, body, signal }: SignedCall): Promise<unknown> {
    const url = `${this.hostOf(account, service)}${API_VERSION}${path}`;
    const text = body === undefined ? undefined : JSON.stringify(body);
    const headers = signedHeaders(account.identity, { method, url, body: text, now: new Date() });
    const call = { method, url, headers, body: text, signal, idempotent: method !== 'POST' };
    return method === 'DELETE' ? this.upstream.request(call) : this.upstream.json(call);
  }

  /** Where prices come from another address than Oracle's own (the emulator), the APIs are there too. */
  private hostOf({ region }: Account, service: SignedCall['service']): string {
    if (this.baseUrl !== this.facts.defaultBaseUrl) return this.baseUrl;
    return `https://${service}.${region}.${service === 'iaas' ? 'oraclecloud.com' : 'oci.oraclecloud.com'}`;
  }
}

/** null: something is missing, or the key is no RSA key. */
function accountFrom(credentials: Credentials): Account | null {
  const { tenancy_ocid: tenancy, user_ocid: user, fingerprint, region, subnet_ocid: subnetId } = credentials;
  const key = readPrivateKey(credentials['private_key'] ?? '');
  if (key === null || !isWord(tenancy) || !isWord(user) || !isWord(fingerprint) || !isWord(subnetId)) return null;
  // It becomes a part of a host name: anything else would send the signature somewhere else.
  if (region === undefined || !/^[a-z]{2,}(?:-[a-z0-9]+)+$/.test(region)) return null;
  return { identity: { tenancy, user, fingerprint, key }, region, subnetId };
}

/** Goes into a quoted member of a header. */
function isWord(text: string | undefined): text is string {
  return text !== undefined && /^[\w.:-]+$/.test(text);
}

function requireAccount(credentials: Credentials): Account {
  const account = accountFrom(credentials);
  if (account === null)
    throw new InvalidBookingError('the OCI credentials are not complete, or their key is no RSA key');
  return account;
}

function shapeOf(offerId: string): string {
  const shape = /^B\d+\|((?:VM|BM)\.[\w.-]+)\|on_demand$/.exec(offerId)?.[1];
  if (shape === undefined) throw new InvalidBookingError('not an offer id of OCI with a known shape');
  return shape;
}
