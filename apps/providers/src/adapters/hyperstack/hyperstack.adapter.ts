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
import { part, text } from '../upstream-fields';
import { flavorsAnswer, hyperstackBatch, pricebookAnswer, stocksAnswer } from './hyperstack.rows';

const MACHINES = '/core/virtual-machines';
const ENVIRONMENTS = '/core/environments';
const KEYPAIRS = '/core/keypairs';
const DEFAULT_IMAGE = 'Ubuntu Server 22.04 LTS R535 CUDA 12.2';

const environments = z.object({ environments: z.array(z.object({ name: z.string(), region: text })) });
const keypairs = z.object({
  keypairs: z.array(z.object({ name: z.string(), environment: part({ name: text }) })),
});
const created = z.object({
  instances: z.tuple([z.object({ id: z.union([z.number().int(), z.string().min(1)]) })], z.unknown()),
});

export class HyperstackAdapter extends BaseProviderAdapter {
  static readonly facts: ProviderFacts = {
    slug: 'hyperstack',
    displayName: 'Hyperstack',
    defaultBaseUrl: 'https://infrahub-api.nexgencloud.com/v1',
    keyless: false,
    credentialFields: ['api_key'],
    requestsPerMinute: 500,
    complianceTags: complianceOf('hyperstack').tags,
    complianceSource: complianceOf('hyperstack').source,
    probe: { method: 'GET', path: '/core/regions' },
    bookable: true,
  };
  readonly facts = HyperstackAdapter.facts;

  async pull({ credentials, signal }: PullRequest): Promise<OfferBatch> {
    const get = (path: string) => this.get(path, credentials, signal);
    const { data: flavors } = this.parse(
      flavorsAnswer,
      await get('/core/flavors'),
      'the answer has no list of flavors',
    );
    const { stocks } = this.parse(stocksAnswer, await get('/core/stocks'), 'the answer has no list of stocks');
    const pricebook = this.parse(pricebookAnswer, await get('/pricebook'), 'the price book is no list');
    return hyperstackBatch({ flavors, stocks, pricebook });
  }

  async validateCredentials(credentials: Credentials, { signal }: { signal?: AbortSignal } = {}): Promise<boolean> {
    return acceptsKey(this.get(ENVIRONMENTS, credentials, signal));
  }

  override async bookInstance(offerId: string, durationHours: number, options: BookingOptions): Promise<BookingResult> {
    this.assertDuration(durationHours);
    const { flavor, region } = readOfferId(offerId);
    const environment = await this.environmentIn(region, options);
    const key = await this.keypairOf(environment, options);
    const json = await this.upstream.json({
      method: 'POST',
      url: this.url(MACHINES),
      headers: authorization(options.credentials),
      body: {
        name: options.label ?? 'gpubroker',
        environment_name: environment,
        image_name: options.image ?? DEFAULT_IMAGE,
        flavor_name: flavor,
        key_name: key,
        count: 1,
        assign_floating_ip: true,
      },
      signal: options.signal,
    });
    const answer = this.parse(created, json, 'the answer to a booking has no id');
    return this.booked(offerId, String(answer.instances[0].id), durationHours);
  }

  override async terminate(instanceId: string, { credentials, signal }: TerminateOptions): Promise<void> {
    const url = this.url(`${MACHINES}/${encodeURIComponent(instanceId)}`);
    const headers = authorization(credentials);
    await goneOrDone(this.upstream.request({ method: 'DELETE', url, headers, idempotent: true, signal }));
  }

  /** A machine lives in an environment of its region, which the account's owner has made. */
  private async environmentIn(region: string, { credentials, signal }: BookingOptions): Promise<string> {
    const json = await this.get(ENVIRONMENTS, credentials, signal);
    const read = this.parse(environments, json, 'the answer has no list of environments');
    const found = read.environments.find((one) => one.region === region);
    if (found === undefined) throw new InvalidBookingError(`the Hyperstack account has no environment in ${region}`);
    return found.name;
  }

  private async keypairOf(environment: string, { credentials, signal }: BookingOptions): Promise<string> {
    const json = await this.get(KEYPAIRS, credentials, signal);
    const read = this.parse(keypairs, json, 'the answer has no list of keypairs');
    const found = read.keypairs.find((one) => one.environment?.name === environment);
    if (found === undefined) throw new InvalidBookingError(`the environment ${environment} has no SSH key`);
    return found.name;
  }

  private get(path: string, credentials: Credentials | null, signal: AbortSignal | undefined): Promise<unknown> {
    const headers = credentials === null ? {} : authorization(credentials);
    return this.upstream.json({ method: 'GET', url: this.url(path), headers, signal });
  }
}

function authorization(credentials: Credentials): Record<string, string> {
  return { api_key: credentials['api_key'] ?? '' };
}

function readOfferId(offerId: string): { flavor: string; region: string } {
  const [, flavor, region] = /^([^|]+)\|([^|]+)\|(?:on_demand|spot)$/.exec(offerId) ?? [];
  if (flavor === undefined || region === undefined) throw new InvalidBookingError('not an offer id of Hyperstack');
  return { flavor, region };
}
