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
  UpstreamCapacityError,
  UpstreamIncompleteError,
  UpstreamMalformedError,
} from '@gpubroker/provider-adapter/upstream';
import { z } from 'zod';
import { bearer } from '../bearer';
import { acceptsKey, goneOrDone } from '../cloud-answers';
import { complianceOf } from '../cloud-compliance';
import { digitaloceanBatch, digitaloceanPage, NO_REGION } from './digitalocean.rows';

const SIZES_PATH = '/v2/sizes';
/** The most that DigitalOcean gives. */
const PER_PAGE = 200;
/** Of about 150 sizes; more means that the links go round. */
const MOST_PAGES = 200;

const sshKeys = z.object({ ssh_keys: z.array(z.object({ id: z.number() })) });
const created = z.object({ droplet: z.object({ id: z.number().int().positive() }) });

/** GPU droplets. A droplet starts from DigitalOcean's own images, not from a container image; its disks are fixed. */
export class DigitaloceanAdapter extends BaseProviderAdapter {
  static readonly facts: ProviderFacts = {
    slug: 'digitalocean',
    displayName: 'DigitalOcean',
    defaultBaseUrl: 'https://api.digitalocean.com',
    keyless: false,
    credentialFields: ['api_key'],
    requestsPerMinute: 250,
    complianceTags: complianceOf('digitalocean').tags,
    complianceSource: complianceOf('digitalocean').source,
    probe: { method: 'GET', path: `${SIZES_PATH}?per_page=1` },
    bookable: true,
  };
  readonly facts = DigitaloceanAdapter.facts;

  async pull({ credentials, signal }: PullRequest): Promise<OfferBatch> {
    const headers = credentials === null ? {} : bearer(credentials);
    const sizes: unknown[] = [];
    const seen = new Set<string>();
    let total: number | null = null;
    let query: string | null = `?per_page=${PER_PAGE}`;
    while (query !== null) {
      if (seen.has(query) || seen.size >= MOST_PAGES) {
        throw new UpstreamIncompleteError(this.facts.slug, 'the pages of sizes do not end');
      }
      seen.add(query);
      const json = await this.upstream.json({ method: 'GET', url: this.url(`${SIZES_PATH}${query}`), headers, signal });
      const page = this.parse(digitaloceanPage, json, 'the answer has no list of sizes');
      sizes.push(...page.sizes);
      total = page.meta?.total ?? total;
      query = queryOf(page.links?.pages?.next ?? null, this.url(SIZES_PATH));
    }
    return digitaloceanBatch(sizes, total);
  }

  async validateCredentials(credentials: Credentials, { signal }: { signal?: AbortSignal } = {}): Promise<boolean> {
    const headers = bearer(credentials);
    return acceptsKey(this.upstream.json({ method: 'GET', url: this.url('/v2/account'), headers, signal }));
  }

  override async bookInstance(offerId: string, durationHours: number, options: BookingOptions): Promise<BookingResult> {
    this.assertDuration(durationHours);
    const { size, region } = readOfferId(offerId);
    if (region === NO_REGION) throw new UpstreamCapacityError(this.facts.slug, `the booking of ${size}`, 200);
    const json = await this.upstream.json({
      method: 'POST',
      url: this.url('/v2/droplets'),
      headers: bearer(options.credentials),
      body: {
        name: hostName(options.label),
        region,
        size,
        image: imageFor(size),
        ssh_keys: await this.sshKeyIds(options),
        tags: ['gpubroker'],
      },
      signal: options.signal,
    });
    const answer = this.parse(created, json, 'the answer to a booking has no droplet id');
    return this.booked(offerId, String(answer.droplet.id), durationHours);
  }

  override async terminate(instanceId: string, { credentials, signal }: TerminateOptions): Promise<void> {
    await goneOrDone(
      this.upstream.request({
        method: 'DELETE',
        url: this.url(`/v2/droplets/${encodeURIComponent(instanceId)}`),
        headers: bearer(credentials),
        idempotent: true,
        signal,
      }),
    );
  }

  /** All keys of the account; without one DigitalOcean mails a root password. */
  private async sshKeyIds({ credentials, signal }: BookingOptions): Promise<number[]> {
    const json = await this.upstream.json({
      method: 'GET',
      url: this.url(`/v2/account/keys?per_page=${PER_PAGE}`),
      headers: bearer(credentials),
      signal,
    });
    const keys = this.parse(sshKeys, json, 'the answer has no SSH keys');
    return keys.ssh_keys.map(({ id }) => id);
  }
}

/** Only the query of the link is taken: it comes from outside, and the key is never sent to another host. */
function queryOf(link: string | null, ownUrl: string): string | null {
  if (link === null || link === '') return null;
  if (!URL.canParse(link, ownUrl)) throw new UpstreamMalformedError('digitalocean', 'the next page is no link');
  return new URL(link, ownUrl).search;
}

function readOfferId(offerId: string): { size: string; region: string } {
  const [, size, region] = /^(gpu-[a-z0-9-]+)\|([a-z0-9]+)\|(?:on_demand|spot)$/.exec(offerId) ?? [];
  if (size === undefined || region === undefined) throw new InvalidBookingError('not an offer id of DigitalOcean');
  return { size, region };
}

/** The images with the driver for the cards: AMD, eight NVIDIA cards linked to each other, and all other NVIDIA sizes. */
function imageFor(size: string): string {
  if (/^gpu-mi\d/.test(size)) return 'gpu-amd-base';
  return /x8-/.test(size) ? 'gpu-h100x8-base' : 'gpu-h100x1-base';
}

/** Droplet names are host names. */
function hostName(label: string | undefined): string {
  const name = (label ?? '')
    .replace(/[^A-Za-z0-9.-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 63);
  return name === '' ? 'gpubroker' : name;
}
