import { randomBytes } from 'node:crypto';
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
import { GLOBAL_REGION } from '@gpubroker/provider-adapter/normalise';
import { z } from 'zod';
import { bearer } from '../bearer';
import { acceptsKey, goneOrDone } from '../cloud-answers';
import { complianceOf } from '../cloud-compliance';
import { walkPages } from '../page-walk';
import { linodeBatch, linodePage } from './linode.rows';

const TYPES = '/v4/linode/types';
const AVAILABILITY = '/v4/regions/availability';
const INSTANCES = '/v4/linode/instances';
const PROFILE = '/v4/profile';
const PAGE_SIZE = 500;
const DEFAULT_IMAGE = 'linode/ubuntu24.04';

const profile = z.object({ username: z.string().min(1) });
const created = z.object({ id: z.union([z.number().int(), z.string().min(1)]) });

export class LinodeAdapter extends BaseProviderAdapter {
  static readonly facts: ProviderFacts = {
    slug: 'linode',
    displayName: 'Linode (Akamai)',
    defaultBaseUrl: 'https://api.linode.com',
    keyless: true,
    credentialFields: ['api_key'],
    requestsPerMinute: 200,
    complianceTags: complianceOf('linode').tags,
    complianceSource: complianceOf('linode').source,
    probe: { method: 'GET', path: `${TYPES}/g6-nanode-1` },
    bookable: true,
  };
  readonly facts = LinodeAdapter.facts;

  async pull({ signal }: PullRequest): Promise<OfferBatch> {
    const types = await this.list(TYPES, signal);
    return linodeBatch(types, await this.list(AVAILABILITY, signal));
  }

  async validateCredentials(credentials: Credentials, { signal }: { signal?: AbortSignal } = {}): Promise<boolean> {
    const headers = bearer(credentials);
    return acceptsKey(this.upstream.request({ method: 'GET', url: this.url(PROFILE), headers, signal }));
  }

  override async bookInstance(offerId: string, durationHours: number, options: BookingOptions): Promise<BookingResult> {
    this.assertDuration(durationHours);
    const { type, region } = readOfferId(offerId);
    const username = await this.username(options);
    const json = await this.upstream.json({
      method: 'POST',
      url: this.url(INSTANCES),
      headers: bearer(options.credentials),
      body: {
        type,
        region,
        image: options.image ?? DEFAULT_IMAGE,
        // An image asks for a password. Nobody is told it: the renter logs in with the keys of the account.
        root_pass: randomBytes(32).toString('base64url'),
        authorized_users: [username],
        ...(options.label === undefined ? {} : { label: options.label }),
      },
      signal: options.signal,
    });
    const answer = this.parse(created, json, 'the answer to a booking has no id');
    return this.booked(offerId, String(answer.id), durationHours);
  }

  override async terminate(instanceId: string, { credentials, signal }: TerminateOptions): Promise<void> {
    const url = this.url(`${INSTANCES}/${encodeURIComponent(instanceId)}`);
    const headers = bearer(credentials);
    await goneOrDone(this.upstream.request({ method: 'DELETE', url, headers, idempotent: true, signal }));
  }

  private list(path: string, signal: AbortSignal | undefined): Promise<unknown[]> {
    return walkPages(this.facts.slug, path, async (page) => {
      const url = this.url(`${path}?page=${page}&page_size=${PAGE_SIZE}`);
      const json = await this.upstream.json({ method: 'GET', url, signal });
      const read = this.parse(linodePage, json, `${path} has no list`);
      return { rows: read.data, total: read.results ?? null };
    });
  }

  private async username({ credentials, signal }: BookingOptions): Promise<string> {
    const headers = bearer(credentials);
    const json = await this.upstream.json({ method: 'GET', url: this.url(PROFILE), headers, signal });
    const read = this.parse(profile, json, 'the profile has no user name');
    return read.username;
  }
}

function readOfferId(offerId: string): { type: string; region: string } {
  const [, type, region] = /^([^|]+)\|([^|]+)$/.exec(offerId) ?? [];
  if (type === undefined || region === undefined) throw new InvalidBookingError('not an offer id of Linode');
  if (region === GLOBAL_REGION) throw new InvalidBookingError('no region is known to have this plan');
  return { type, region };
}
