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
import { z } from 'zod';
import { acceptsKey, goneOrDone } from '../cloud-answers';
import { complianceOf } from '../cloud-compliance';
import { shadeformAnswer, shadeformBatch } from './shadeform.rows';

const created = z.object({ id: z.string().min(1) });

export class ShadeformAdapter extends BaseProviderAdapter {
  static readonly facts: ProviderFacts = {
    slug: 'shadeform',
    displayName: 'Shadeform',
    defaultBaseUrl: 'https://api.shadeform.ai/v1',
    keyless: false,
    credentialFields: ['api_key'],
    // None is published.
    requestsPerMinute: 60,
    complianceTags: complianceOf('shadeform').tags,
    complianceSource: complianceOf('shadeform').source,
    probe: { method: 'GET', path: '/instances/types?num_gpus=1&available=true&sort=price' },
    bookable: true,
  };
  readonly facts = ShadeformAdapter.facts;

  /** The whole list in one answer: what is not available now stands in it too. */
  async pull({ credentials, signal }: PullRequest): Promise<OfferBatch> {
    const headers = credentials === null ? {} : authorization(credentials);
    const json = await this.upstream.json({ method: 'GET', url: this.url('/instances/types'), headers, signal });
    const answer = this.parse(shadeformAnswer, json, 'the answer has no list of instance types');
    return shadeformBatch(answer.instance_types);
  }

  async validateCredentials(credentials: Credentials, { signal }: { signal?: AbortSignal } = {}): Promise<boolean> {
    const headers = authorization(credentials);
    return acceptsKey(this.upstream.request({ method: 'GET', url: this.url('/instances'), headers, signal }));
  }

  override async bookInstance(offerId: string, durationHours: number, options: BookingOptions): Promise<BookingResult> {
    this.assertDuration(durationHours);
    const { cloud, type, region } = readOfferId(offerId);
    const json = await this.upstream.json({
      method: 'POST',
      url: this.url('/instances/create'),
      headers: authorization(options.credentials),
      // Without ssh_key_id the account's default key is installed.
      body: {
        cloud,
        region,
        shade_instance_type: type,
        shade_cloud: true,
        name: options.label ?? 'gpubroker',
        ...(options.image === undefined ? {} : dockerLaunch(options.image)),
      },
      signal: options.signal,
    });
    const { id } = this.parse(created, json, 'the answer to a booking has no id');
    return this.booked(offerId, id, durationHours);
  }

  override async terminate(instanceId: string, { credentials, signal }: TerminateOptions): Promise<void> {
    const url = this.url(`/instances/${encodeURIComponent(instanceId)}/delete`);
    const headers = authorization(credentials);
    await goneOrDone(this.upstream.request({ method: 'POST', url, headers, idempotent: true, signal }));
  }
}

function authorization(credentials: Credentials): Record<string, string> {
  return { 'x-api-key': credentials['api_key'] ?? '' };
}

function dockerLaunch(image: string): Record<string, unknown> {
  return { launch_configuration: { type: 'docker', docker_configuration: { image } } };
}

function readOfferId(offerId: string): { cloud: string; type: string; region: string } {
  const [, cloud, type, region, rental] = /^([^|]+)\|([^|]+)\|([^|]+)\|(on_demand|spot)$/.exec(offerId) ?? [];
  if (cloud === undefined || type === undefined || region === undefined) {
    throw new InvalidBookingError('not an offer id of Shadeform');
  }
  // The create call has no word for spot: it would make an on-demand machine at twice the price.
  if (rental === 'spot') throw new InvalidBookingError('Shadeform documents no way to book its spot offers');
  return { cloud, type, region };
}
