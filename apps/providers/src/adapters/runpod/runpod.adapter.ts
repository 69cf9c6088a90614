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
import { decimal, parseAmount } from '@gpubroker/provider-adapter/normalise';
import {
  isUpstreamError,
  saysNoCapacity,
  UpstreamCapacityError,
  UpstreamMalformedError,
  UpstreamStatusError,
} from '@gpubroker/provider-adapter/upstream';
import { z } from 'zod';
import { bearer } from '../bearer';
import { complianceOf } from '../cloud-compliance';
import { readGraphqlCard, readRestCard } from './runpod.catalogue';
import { GPU_TYPES_QUERY, MYSELF_QUERY, PROBE_QUERY, RENT_ON_DEMAND, RENT_SPOT, TERMINATE } from './runpod.graphql';
import { runpodBatch } from './runpod.rows';

const DEFAULT_IMAGE = 'runpod/base:0.6.2-cuda12.4.1';
const DEFAULT_DISK_GB = 20;

const graphqlAnswer = z.object({
  data: z.record(z.string(), z.unknown()).nullish(),
  errors: z.array(z.object({ message: z.string().catch('') })).optional(),
});
const gpuTypes = z.object({ gpuTypes: z.array(z.unknown()) });
const restCatalogue = z.object({ gpus: z.array(z.unknown()) });
const rentedPod = z.object({ pod: z.object({ id: z.string().min(1) }) });
const myself = z.object({ myself: z.object({ id: z.string() }) });

/** A GraphQL call that answered 200 and said no: the text tells why, and stays inside. */
class GraphqlRefusedError extends Error {
  constructor(readonly messages: string) {
    super('the GraphQL call was refused');
  }
}

export class RunpodAdapter extends BaseProviderAdapter {
  static readonly facts: ProviderFacts = {
    slug: 'runpod',
    displayName: 'RunPod',
    defaultBaseUrl: 'https://api.runpod.io',
    keyless: true,
    credentialFields: ['api_key'],
    requestsPerMinute: 60,
    complianceTags: complianceOf('runpod').tags,
    complianceSource: complianceOf('runpod').source,
    probe: { method: 'POST', path: '/graphql', body: { query: PROBE_QUERY } },
    bookable: true,
  };
  readonly facts = RunpodAdapter.facts;

  async pull(request: PullRequest): Promise<OfferBatch> {
    try {
      return await this.pullGraphql(request);
    } catch (error) {
      // The schema behind GraphQL is not versioned. With a key the versioned catalogue still answers, without spot.
      if (request.credentials === null || !isSchemaChange(error)) throw error;
      return this.pullRest(request, request.credentials, error);
    }
  }

  async validateCredentials(credentials: Credentials, options: { signal?: AbortSignal } = {}): Promise<boolean> {
    try {
      const data = await this.graphql(MYSELF_QUERY, {}, { credentials, signal: options.signal, idempotent: true });
      return myself.safeParse(data).success;
    } catch (error) {
      if (error instanceof GraphqlRefusedError) return false;
      if (error instanceof UpstreamStatusError && error.reason === 'unauthorized') return false;
      throw error;
    }
  }

  override async bookInstance(offerId: string, durationHours: number, options: BookingOptions): Promise<BookingResult> {
    this.assertDuration(durationHours);
    const { gpuId, cloud, spot, count } = readOfferId(offerId);
    const input = {
      cloudType: cloud.toUpperCase(),
      gpuTypeId: gpuId,
      gpuCount: count,
      name: options.label ?? 'gpubroker',
      imageName: options.image ?? DEFAULT_IMAGE,
      containerDiskInGb: options.diskGb ?? DEFAULT_DISK_GB,
      volumeInGb: 0,
      ...(spot ? { bidPerGpu: bidPerGpu(options.bidPerNodeHour, count) } : {}),
    };
    const { credentials, signal } = options;
    const data = await this.mutate(spot ? RENT_SPOT : RENT_ON_DEMAND, input, { credentials, signal });
    const rented = this.parse(rentedPod, data, 'the answer to a booking has no pod id');
    return this.booked(offerId, rented.pod.id, durationHours);
  }

  override async terminate(instanceId: string, { credentials, signal }: TerminateOptions): Promise<void> {
    try {
      await this.graphql(TERMINATE, { input: { podId: instanceId } }, { credentials, signal, idempotent: true });
    } catch (error) {
      if (!(error instanceof GraphqlRefusedError)) throw error;
      // Gone already is what was wanted.
      if (/not found|does not exist/i.test(error.messages)) return;
      throw new UpstreamMalformedError(this.facts.slug, 'the pod could not be terminated');
    }
  }

  private async pullGraphql({ credentials, signal }: PullRequest): Promise<OfferBatch> {
    const data = await this.graphql(GPU_TYPES_QUERY, {}, { credentials, signal, idempotent: true }).catch(
      (error: unknown) => {
        if (!(error instanceof GraphqlRefusedError)) throw error;
        throw new UpstreamMalformedError(this.facts.slug, 'the price list query was refused');
      },
    );
    const list = this.parse(gpuTypes, data, 'the answer has no list of GPU types');
    return runpodBatch(list.gpuTypes.map(readGraphqlCard));
  }

  private async pullRest({ signal }: PullRequest, credentials: Credentials, cause: unknown): Promise<OfferBatch> {
    const json = await this.upstream
      .json({
        method: 'GET',
        url: this.url('/v2/catalog/gpus?include=AVAILABILITY&product=POD'),
        headers: bearer(credentials),
        signal,
      })
      // What went wrong first is what has to be mended.
      .catch(() => Promise.reject(cause instanceof Error ? cause : new Error(String(cause))));
    const list = this.parse(restCatalogue, json, 'the catalogue has no list of GPUs');
    return runpodBatch(list.gpus.map(readRestCard));
  }

  private async mutate(
    query: string,
    input: unknown,
    call: { credentials: Credentials; signal?: AbortSignal },
  ): Promise<unknown> {
    try {
      return await this.graphql(query, { input }, { ...call, idempotent: false });
    } catch (error) {
      if (!(error instanceof GraphqlRefusedError)) throw error;
      if (saysNoCapacity(500, error.messages)) throw new UpstreamCapacityError(this.facts.slug, 'the booking', 200);
      throw new UpstreamMalformedError(this.facts.slug, 'the booking was refused');
    }
  }

  private async graphql(
    query: string,
    variables: Record<string, unknown>,
    call: { credentials: Credentials | null; signal?: AbortSignal; idempotent: boolean },
  ): Promise<unknown> {
    const json = await this.upstream.json({
      method: 'POST',
      url: this.url('/graphql'),
      headers: call.credentials === null ? {} : bearer(call.credentials),
      body: { query, variables },
      idempotent: call.idempotent,
      signal: call.signal,
    });
    const answer = this.parse(graphqlAnswer, json, 'the answer is not one of GraphQL');
    const { data, errors = [] } = answer;
    if (errors.length > 0) throw new GraphqlRefusedError(errors.map(({ message }) => message).join('\n'));
    return data;
  }
}

function isSchemaChange(error: unknown): boolean {
  return isUpstreamError(error) && (error.reason === 'malformed' || error.reason === 'status_4xx');
}

function bidPerGpu(bidPerNodeHour: string | undefined, count: number): number {
  const bid = parseAmount(bidPerNodeHour);
  if (bid === null || bid === 'malformed' || !bid.isPositive() || bid.isZero()) {
    throw new InvalidBookingError('a spot offer needs bidPerNodeHour, in USD above 0');
  }
  return bid.div(decimal(count)).toNumber();
}

function readOfferId(offerId: string): { gpuId: string; cloud: string; spot: boolean; count: number } {
  const match = /^(.+)\|(secure|community)\|(on_demand|spot)\|([1-9]\d?)$/.exec(offerId);
  const [, gpuId, cloud, pricing, count] = match ?? [];
  if (gpuId === undefined || cloud === undefined) throw new InvalidBookingError('not an offer id of RunPod');
  return { gpuId, cloud, spot: pricing === 'spot', count: Number(count) };
}
