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
import { acceptsKey, goneOrDone } from '../cloud-answers';
import { complianceOf } from '../cloud-compliance';
import { walkPages } from '../page-walk';
import { catalogPage, serversPage, type ScalewayZone } from './scaleway.answers';
import { gpuZones, scalewayBatch } from './scaleway.rows';

const CATALOG = '/product-catalog/v2alpha1/public-catalog/products';
const PAGE_SIZE = 100;
/** Of one zone: 2,000 types. More means that the pages go round. */
const MOST_PAGES = 20;
/** With NVIDIA's driver; the plain images have none. */
const DEFAULT_IMAGE_LABEL = 'ubuntu_jammy_gpu_os_12';

const localImages = z.object({ local_images: z.array(z.object({ id: z.string().min(1) })) });
const created = z.object({ server: z.object({ id: z.string().min(1) }) });

export class ScalewayAdapter extends BaseProviderAdapter {
  static readonly facts: ProviderFacts = {
    slug: 'scaleway',
    displayName: 'Scaleway',
    defaultBaseUrl: 'https://api.scaleway.com',
    keyless: true,
    credentialFields: ['secret_key', 'project_id'],
    // None is published.
    requestsPerMinute: 60,
    complianceTags: complianceOf('scaleway').tags,
    complianceSource: complianceOf('scaleway').source,
    probe: { method: 'GET', path: `${CATALOG}?page=1&page_size=1&product_types=instance` },
    bookable: true,
  };
  readonly facts = ScalewayAdapter.facts;

  /** Prices are public. Stock, and the memory of a GPU, are told to those with a key. */
  async pull({ credentials, signal }: PullRequest): Promise<OfferBatch> {
    const products = await this.catalog(signal);
    if (credentials === null) return scalewayBatch(products, []);
    const zones: ScalewayZone[] = [];
    for (const zone of gpuZones(products)) zones.push(await this.zone(zone, authorization(credentials), signal));
    return scalewayBatch(products, zones);
  }

  async validateCredentials(credentials: Credentials, { signal }: { signal?: AbortSignal } = {}): Promise<boolean> {
    const project = encodeURIComponent(credentials['project_id'] ?? '');
    const url = this.url(`/instance/v1/zones/fr-par-1/servers?per_page=1&project=${project}`);
    const headers = authorization(credentials);
    return acceptsKey(this.upstream.request({ method: 'GET', url, headers, signal }));
  }

  override async bookInstance(offerId: string, durationHours: number, options: BookingOptions): Promise<BookingResult> {
    this.assertDuration(durationHours);
    const { type, zone } = readOfferId(offerId);
    const { credentials, signal } = options;
    const headers = authorization(credentials);
    const image = await this.imageId(options.image ?? DEFAULT_IMAGE_LABEL, zone, signal);
    const json = await this.upstream.json({
      method: 'POST',
      url: this.url(`/instance/v1/zones/${zone}/servers`),
      headers,
      body: {
        name: options.label ?? 'gpubroker',
        commercial_type: type,
        image,
        project: credentials['project_id'],
        dynamic_ip_required: true,
      },
      signal,
    });
    const answer = this.parse(created, json, 'the answer to a booking has no id');
    const instanceId = `${zone}/${answer.server.id}`;
    await this.powerOn(instanceId, options);
    return this.booked(offerId, instanceId, durationHours);
  }

  override async terminate(instanceId: string, { credentials, signal }: TerminateOptions): Promise<void> {
    const url = this.serverUrl(instanceId);
    const headers = authorization(credentials);
    const body = { action: 'terminate' };
    try {
      await goneOrDone(
        this.upstream.request({ method: 'POST', url: `${url}/action`, headers, body, idempotent: true, signal }),
      );
    } catch (error) {
      // A machine that stands still is not terminated but deleted.
      if (!(error instanceof UpstreamStatusError) || error.status !== 400) throw error;
      await goneOrDone(this.upstream.request({ method: 'DELETE', url, headers, idempotent: true, signal }));
    }
  }

  /** A new machine stands still. One that cannot be started is taken away again: its disk would bill for ever. */
  private async powerOn(instanceId: string, options: BookingOptions): Promise<void> {
    const { credentials, signal } = options;
    try {
      await this.upstream.request({
        method: 'POST',
        url: `${this.serverUrl(instanceId)}/action`,
        headers: authorization(credentials),
        body: { action: 'poweron' },
        signal,
      });
    } catch (error) {
      await this.terminate(instanceId, { credentials }).catch(() => undefined);
      throw error;
    }
  }

  private async imageId(image: string, zone: string, signal: AbortSignal | undefined): Promise<string> {
    if (/^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(image)) return image;
    const label = encodeURIComponent(image);
    const url = this.url(`/marketplace/v2/local-images?image_label=${label}&zone=${zone}&type=instance_sbs`);
    const read = localImages.safeParse(await this.upstream.json({ method: 'GET', url, signal }));
    const id = read.success ? read.data.local_images[0]?.id : undefined;
    if (id === undefined) throw new InvalidBookingError(`Scaleway has no image of this name in ${zone}`);
    return id;
  }

  private catalog(signal: AbortSignal | undefined): Promise<unknown[]> {
    return walkPages(this.facts.slug, 'the product catalogue', async (page) => {
      const url = this.url(`${CATALOG}?page=${page}&page_size=${PAGE_SIZE}&product_types=instance`);
      const json = await this.upstream.json({ method: 'GET', url, signal });
      const read = this.parse(catalogPage, json, 'the catalogue has no list of products');
      return { rows: read.products, total: read.total_count ?? null };
    });
  }

  private async zone(
    zone: string,
    headers: Record<string, string>,
    signal: AbortSignal | undefined,
  ): Promise<ScalewayZone> {
    const types = `/instance/v1/zones/${zone}/products/servers`;
    return {
      zone,
      servers: await this.byName(types, headers, signal),
      availability: await this.byName(`${types}/availability`, headers, signal),
    };
  }

  /** The pages are objects keyed by name; how many names there are in all stands in a header. */
  private async byName(
    path: string,
    headers: Record<string, string>,
    signal: AbortSignal | undefined,
  ): Promise<Record<string, unknown>> {
    const found = new Map<string, unknown>();
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const url = this.url(`${path}?page=${page}&per_page=${PAGE_SIZE}`);
      const answer = await this.upstream.request({ method: 'GET', url, headers, signal });
      const before = found.size;
      for (const [name, one] of Object.entries(this.servers(answer.body, path))) found.set(name, one);
      const total = totalOf(answer.headers['x-total-count']);
      if (total === null ? found.size === before : found.size >= total) return Object.fromEntries(found);
      if (found.size === before) break;
    }
    throw new UpstreamIncompleteError(this.facts.slug, `${path} cannot be read to its end`);
  }

  private servers(body: Buffer, path: string): Record<string, unknown> {
    try {
      return serversPage.parse(JSON.parse(body.toString('utf8'))).servers;
    } catch {
      throw new UpstreamMalformedError(this.facts.slug, `${path} has no types`);
    }
  }

  private serverUrl(instanceId: string): string {
    const [, zone, id] = /^([a-z0-9-]+)\/([A-Za-z0-9-]+)$/.exec(instanceId) ?? [];
    if (zone === undefined || id === undefined) throw new InvalidBookingError('not an instance id of Scaleway');
    return this.url(`/instance/v1/zones/${zone}/servers/${id}`);
  }
}

function authorization(credentials: Credentials): Record<string, string> {
  return { 'x-auth-token': credentials['secret_key'] ?? '' };
}

function totalOf(header: string | undefined): number | null {
  return header !== undefined && /^\d+$/.test(header) ? Number(header) : null;
}

function readOfferId(offerId: string): { type: string; zone: string } {
  const [, type, zone] = /^([^|]+)\|([a-z0-9-]+)\|on_demand$/.exec(offerId) ?? [];
  if (type === undefined || zone === undefined) throw new InvalidBookingError('not an offer id of Scaleway');
  return { type, zone };
}
