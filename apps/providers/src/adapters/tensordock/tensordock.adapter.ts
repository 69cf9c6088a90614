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
import { UpstreamMalformedError } from '@gpubroker/provider-adapter/upstream';
import { z } from 'zod';
import { bearer } from '../bearer';
import { acceptsKey, goneOrDone } from '../cloud-answers';
import { complianceOf } from '../cloud-compliance';
import { tensordockAnswer, tensordockBatch, tensordockSize } from './tensordock.rows';
import { sshKeyIds, sshKeyValue } from './tensordock.secrets';

const LOCATIONS = '/api/v2/locations';
/** The older listing needed no key; without one it is all there is to ask. */
const HOSTS = '/api/v0/client/deploy/hostnodes';
const INSTANCES = '/api/v2/instances';
const SECRETS = '/api/v2/secrets';
/** Newer Ubuntu images of TensorDock come without the NVIDIA driver. */
const DEFAULT_IMAGE = 'ubuntu2204';

const created = z.object({ data: z.object({ id: z.string().min(1) }) });

export class TensordockAdapter extends BaseProviderAdapter {
  static readonly facts: ProviderFacts = {
    slug: 'tensordock',
    displayName: 'TensorDock',
    defaultBaseUrl: 'https://dashboard.tensordock.com',
    keyless: false,
    credentialFields: ['api_key'],
    requestsPerMinute: 100,
    complianceTags: complianceOf('tensordock').tags,
    complianceSource: complianceOf('tensordock').source,
    probe: { method: 'GET', path: INSTANCES },
    bookable: true,
  };
  readonly facts = TensordockAdapter.facts;

  async pull({ credentials, signal }: PullRequest): Promise<OfferBatch> {
    const json = await this.upstream.json({
      method: 'GET',
      url: this.url(credentials === null ? HOSTS : LOCATIONS),
      headers: credentials === null ? {} : bearer(credentials),
      signal,
    });
    const answer = this.parse(tensordockAnswer, json, 'the answer lists no locations or hosts');
    return tensordockBatch(answer);
  }

  async validateCredentials(credentials: Credentials, { signal }: { signal?: AbortSignal } = {}): Promise<boolean> {
    const headers = bearer(credentials);
    return acceptsKey(this.upstream.request({ method: 'GET', url: this.url(INSTANCES), headers, signal }));
  }

  override async bookInstance(offerId: string, durationHours: number, options: BookingOptions): Promise<BookingResult> {
    this.assertDuration(durationHours);
    const { site, siteId, gpuId, count } = readOfferId(offerId);
    const size = tensordockSize(count);
    const sshKey = await this.sshKey(options);
    const attributes = {
      name: options.label ?? 'gpubroker',
      type: 'virtualmachine',
      image: options.image ?? DEFAULT_IMAGE,
      ssh_key: sshKey,
      resources: {
        vcpu_count: size.vcpus,
        ram_gb: size.ramGb,
        // Less than 100 is refused.
        storage_gb: Math.max(size.diskGb, options.diskGb ?? 0),
        gpus: { [gpuId]: { count } },
      },
      [site === 'location' ? 'location_id' : 'hostnode_id']: siteId,
    };
    const json = await this.upstream.json({
      method: 'POST',
      url: this.url(INSTANCES),
      headers: bearer(options.credentials),
      body: { data: { type: 'virtualmachine', attributes } },
      signal: options.signal,
    });
    const answer = this.parse(created, json, 'the answer to a booking has no id');
    return this.booked(offerId, answer.data.id, durationHours);
  }

  /** A machine is refused without a key; the one that the account keeps is the one its owner can log in with. */
  private async sshKey({ credentials, signal }: BookingOptions): Promise<string> {
    const headers = bearer(credentials);
    const list = await this.upstream.json({ method: 'GET', url: this.url(SECRETS), headers, signal });
    const [id] = sshKeyIds(list) ?? [];
    if (id === undefined) throw new InvalidBookingError('the TensorDock account keeps no SSH key');
    const url = this.url(`${SECRETS}/${encodeURIComponent(id)}`);
    const value = sshKeyValue(await this.upstream.json({ method: 'GET', url, headers, signal }));
    if (value === null) throw new UpstreamMalformedError(this.facts.slug, 'the SSH key has no value');
    return value;
  }

  override async terminate(instanceId: string, { credentials, signal }: TerminateOptions): Promise<void> {
    const url = this.url(`${INSTANCES}/${encodeURIComponent(instanceId)}`);
    const headers = bearer(credentials);
    await goneOrDone(this.upstream.request({ method: 'DELETE', url, headers, idempotent: true, signal }));
  }
}

function readOfferId(offerId: string): { site: string; siteId: string; gpuId: string; count: number } {
  const match = /^(location|hostnode)\|([^|]+)\|([^|]+)\|([1248])$/.exec(offerId);
  const [, site, siteId, gpuId, count] = match ?? [];
  if (site === undefined || siteId === undefined || gpuId === undefined) {
    throw new InvalidBookingError('not an offer id of TensorDock');
  }
  return { site, siteId, gpuId, count: Number(count) };
}
