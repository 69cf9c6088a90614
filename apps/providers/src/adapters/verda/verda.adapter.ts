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
  isUpstreamError,
  UpstreamCapacityError,
  UpstreamMalformedError,
  UpstreamStatusError,
} from '@gpubroker/provider-adapter/upstream';
import { z } from 'zod';
import { complianceOf } from '../cloud-compliance';
import { text } from '../upstream-fields';
import {
  NO_LOCATION,
  stockFrom,
  verdaAvailability,
  verdaBatch,
  type VerdaKind,
  type VerdaStock,
  verdaTypes,
} from './verda.rows';

const TYPES_PATH = '/instance-types?currency=usd';
const DEFAULT_IMAGE = 'ubuntu-24.04-cuda-12.8-open-docker';
const DEFAULT_DISK_GB = 100;

const token = z.object({ access_token: z.string().min(1) });
const sshKeys = z.array(z.object({ id: z.string().min(1) }));
const volumes = z.object({
  os_volume_id: text,
  volume_ids: z.array(z.string()).nullish().catch(null),
});

type Headers = Readonly<Record<string, string>>;

/** Machines boot from Verda's own images; a container image of a booking is not used. */
export class VerdaAdapter extends BaseProviderAdapter {
  static readonly facts: ProviderFacts = {
    slug: 'verda',
    displayName: 'Verda (DataCrunch)',
    defaultBaseUrl: 'https://api.verda.com/v1',
    keyless: true,
    credentialFields: ['client_id', 'client_secret'],
    requestsPerMinute: 60,
    complianceTags: complianceOf('verda').tags,
    complianceSource: complianceOf('verda').source,
    probe: { method: 'GET', path: TYPES_PATH },
    bookable: true,
  };
  readonly facts = VerdaAdapter.facts;

  async pull({ credentials, signal }: PullRequest): Promise<OfferBatch> {
    const headers = canSignIn(credentials) ? await this.signIn(credentials, signal) : {};
    const json = await this.upstream.json({ method: 'GET', url: this.url(TYPES_PATH), headers, signal });
    const types = this.parse(verdaTypes, json, 'the answer is no list of instance types');
    const stock: VerdaStock = {
      on_demand: await this.stockIfTold('on_demand', headers, signal),
      spot: await this.stockIfTold('spot', headers, signal),
    };
    return verdaBatch(types, stock);
  }

  async validateCredentials(credentials: Credentials, options: { signal?: AbortSignal } = {}): Promise<boolean> {
    try {
      const headers = await this.signIn(credentials, options.signal);
      await this.upstream.json({ method: 'GET', url: this.url('/balance'), headers, signal: options.signal });
      return true;
    } catch (error) {
      // 400: no such client; 401: wrong secret.
      if (error instanceof UpstreamStatusError && (error.status === 400 || error.reason === 'unauthorized'))
        return false;
      throw error;
    }
  }

  override async bookInstance(offerId: string, durationHours: number, options: BookingOptions): Promise<BookingResult> {
    this.assertDuration(durationHours);
    const { type, location, kind } = readOfferId(offerId);
    const { credentials, signal, label = 'gpubroker' } = options;
    const headers = await this.signIn(credentials, signal);
    const place = location === NO_LOCATION ? await this.locationWith(type, kind, headers, signal) : location;
    const answer = await this.upstream.request({
      method: 'POST',
      url: this.url('/instances'),
      headers,
      body: {
        instance_type: type,
        image: DEFAULT_IMAGE,
        ssh_key_ids: await this.sshKeyIds(headers, signal),
        hostname: hostName(label),
        description: label,
        location_code: place,
        is_spot: kind === 'spot',
        ...(kind === 'spot' ? {} : { contract: 'PAY_AS_YOU_GO', pricing: 'FIXED_PRICE' }),
        os_volume: { name: hostName(label), size: options.diskGb ?? DEFAULT_DISK_GB },
      },
      signal,
    });
    const instanceId = instanceIdFrom(answer.body.toString('utf8'));
    if (instanceId === null) {
      throw new UpstreamMalformedError(this.facts.slug, 'the answer to a booking has no instance id');
    }
    return this.booked(offerId, instanceId, durationHours);
  }

  /** Ends the machine with its volumes: one that is left behind goes on billing. */
  override async terminate(instanceId: string, { credentials, signal }: TerminateOptions): Promise<void> {
    const headers = await this.signIn(credentials, signal);
    try {
      const url = this.url(`/instances/${encodeURIComponent(instanceId)}`);
      const json = await this.upstream.json({ method: 'GET', url, headers, signal });
      const { os_volume_id: osVolume, volume_ids: others } = this.parse(volumes, json, 'the answer is no instance');
      await this.upstream.request({
        method: 'PUT',
        url: this.url('/instances'),
        headers,
        body: {
          id: instanceId,
          action: 'delete',
          volume_ids: [...new Set([...(osVolume ? [osVolume] : []), ...(others ?? [])])],
        },
        idempotent: true,
        signal,
      });
    } catch (error) {
      if (error instanceof UpstreamStatusError && error.status === 404) return;
      throw error;
    }
  }

  private async signIn(credentials: Credentials, signal: AbortSignal | undefined): Promise<Headers> {
    const json = await this.upstream.json({
      method: 'POST',
      url: this.url('/oauth2/token'),
      body: {
        grant_type: 'client_credentials',
        client_id: credentials['client_id'] ?? '',
        client_secret: credentials['client_secret'] ?? '',
      },
      idempotent: true,
      signal,
    });
    const answer = this.parse(token, json, 'the answer to a sign-in has no token');
    return { authorization: `Bearer ${answer.access_token}` };
  }

  /** null when the list is not for this caller, or is none: a price without known stock is still a price. */
  private async stockIfTold(
    kind: VerdaKind,
    headers: Headers,
    signal: AbortSignal | undefined,
  ): Promise<VerdaStock[VerdaKind]> {
    try {
      return await this.stock(kind, headers, signal);
    } catch (error) {
      if (isUpstreamError(error) && NOT_TOLD.has(error.reason)) return null;
      throw error;
    }
  }

  private async stock(
    kind: VerdaKind,
    headers: Headers,
    signal: AbortSignal | undefined,
  ): Promise<ReadonlyMap<string, readonly string[]>> {
    const url = this.url(`/instance-availability?is_spot=${String(kind === 'spot')}`);
    const json = await this.upstream.json({ method: 'GET', url, headers, signal });
    const lists = this.parse(verdaAvailability, json, 'the answer is no list of locations');
    return stockFrom(lists);
  }

  /** @throws UpstreamCapacityError when no location has it */
  private async locationWith(
    type: string,
    kind: VerdaKind,
    headers: Headers,
    signal: AbortSignal | undefined,
  ): Promise<string> {
    const [location] = (await this.stock(kind, headers, signal)).get(type) ?? [];
    if (location === undefined) throw new UpstreamCapacityError(this.facts.slug, `the booking of ${type}`, 200);
    return location;
  }

  private async sshKeyIds(headers: Headers, signal: AbortSignal | undefined): Promise<string[]> {
    const json = await this.upstream.json({ method: 'GET', url: this.url('/ssh-keys'), headers, signal });
    const keys = this.parse(sshKeys, json, 'the answer has no SSH keys');
    if (keys.length === 0) throw new InvalidBookingError('the Verda account has no SSH key');
    return keys.map(({ id }) => id);
  }
}

const NOT_TOLD: ReadonlySet<string> = new Set(['unauthorized', 'status_4xx', 'malformed']);

/** Half of a pair opens nothing, and the price list needs no key. */
function canSignIn(credentials: Credentials | null): credentials is Credentials {
  return credentials !== null && credentials['client_id'] !== undefined && credentials['client_secret'] !== undefined;
}

/** Plain text, sometimes in quotes. */
function instanceIdFrom(body: string): string | null {
  return /^"?([A-Za-z0-9-]{1,100})"?$/.exec(body.trim())?.[1] ?? null;
}

function readOfferId(offerId: string): { type: string; location: string; kind: VerdaKind } {
  const [, type, location, kind] = /^([\w.]+)\|([\w-]+)\|(on_demand|spot)$/.exec(offerId) ?? [];
  if (type === undefined || location === undefined) throw new InvalidBookingError('not an offer id of Verda');
  return { type, location, kind: kind === 'spot' ? 'spot' : 'on_demand' };
}

function hostName(label: string): string {
  const name = label
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 60);
  return name === '' ? 'gpubroker' : name;
}
