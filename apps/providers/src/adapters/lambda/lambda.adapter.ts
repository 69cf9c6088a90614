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
import { UpstreamCapacityError } from '@gpubroker/provider-adapter/upstream';
import { z } from 'zod';
import { bearer } from '../bearer';
import { acceptsKey, goneOrDone } from '../cloud-answers';
import { complianceOf } from '../cloud-compliance';
import { lambdaAnswer, lambdaBatch, NO_REGION } from './lambda.rows';

const TYPES_PATH = '/instance-types';

const sshKeys = z.object({ data: z.array(z.object({ name: z.string().min(1) })) });
const launched = z.object({ data: z.object({ instance_ids: z.tuple([z.string().min(1)], z.unknown()) }) });

/** On-demand machines with their disk; `image` and `diskGb` of a booking are not Lambda's to choose. */
export class LambdaAdapter extends BaseProviderAdapter {
  static readonly facts: ProviderFacts = {
    slug: 'lambda',
    displayName: 'Lambda Cloud',
    defaultBaseUrl: 'https://cloud.lambda.ai/api/v1',
    keyless: false,
    credentialFields: ['api_key'],
    requestsPerMinute: 60,
    complianceTags: complianceOf('lambda').tags,
    complianceSource: complianceOf('lambda').source,
    probe: { method: 'GET', path: TYPES_PATH },
    bookable: true,
  };
  readonly facts = LambdaAdapter.facts;

  async pull({ credentials, signal }: PullRequest): Promise<OfferBatch> {
    const json = await this.upstream.json({
      method: 'GET',
      url: this.url(TYPES_PATH),
      headers: credentials === null ? {} : bearer(credentials),
      signal,
    });
    const answer = this.parse(lambdaAnswer, json, 'the answer has no instance types');
    return lambdaBatch(answer.data);
  }

  async validateCredentials(credentials: Credentials, { signal }: { signal?: AbortSignal } = {}): Promise<boolean> {
    const headers = bearer(credentials);
    return acceptsKey(this.upstream.json({ method: 'GET', url: this.url('/instances'), headers, signal }));
  }

  override async bookInstance(offerId: string, durationHours: number, options: BookingOptions): Promise<BookingResult> {
    this.assertDuration(durationHours);
    const { type, region } = readOfferId(offerId);
    if (region === NO_REGION) throw new UpstreamCapacityError(this.facts.slug, `the booking of ${type}`, 200);
    const sshKey = await this.firstSshKey(options);
    const json = await this.upstream.json({
      method: 'POST',
      url: this.url('/instance-operations/launch'),
      headers: bearer(options.credentials),
      body: {
        region_name: region,
        instance_type_name: type,
        ssh_key_names: [sshKey],
        ...(options.label === undefined ? {} : { name: options.label.slice(0, 64) }),
      },
      signal: options.signal,
    });
    const answer = this.parse(launched, json, 'the answer to a booking has no instance id');
    return this.booked(offerId, answer.data.instance_ids[0], durationHours);
  }

  override async terminate(instanceId: string, { credentials, signal }: TerminateOptions): Promise<void> {
    await goneOrDone(
      this.upstream.json({
        method: 'POST',
        url: this.url('/instance-operations/terminate'),
        headers: bearer(credentials),
        body: { instance_ids: [instanceId] },
        idempotent: true,
        signal,
      }),
    );
  }

  /** A machine is launched with exactly one key, and it is the only way into it. */
  private async firstSshKey({ credentials, signal }: BookingOptions): Promise<string> {
    const json = await this.upstream.json({
      method: 'GET',
      url: this.url('/ssh-keys'),
      headers: bearer(credentials),
      signal,
    });
    const keys = this.parse(sshKeys, json, 'the answer has no SSH keys');
    const first = keys.data[0];
    if (first === undefined) throw new InvalidBookingError('the Lambda account has no SSH key');
    return first.name;
  }
}

function readOfferId(offerId: string): { type: string; region: string } {
  const [, type, region] = /^(\w+)\|([a-z0-9-]+)\|on_demand$/.exec(offerId) ?? [];
  if (type === undefined || region === undefined) throw new InvalidBookingError('not an offer id of Lambda');
  return { type, region };
}
