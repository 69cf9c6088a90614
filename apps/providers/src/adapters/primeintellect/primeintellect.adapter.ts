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
import { isUpstreamError, UpstreamMalformedError } from '@gpubroker/provider-adapter/upstream';
import { z } from 'zod';
import { bearer } from '../bearer';
import { acceptsKey, goneOrDone } from '../cloud-answers';
import { complianceOf } from '../cloud-compliance';
import { walkPages, type NumberedPage } from '../page-walk';
import { availabilityPage, groupedRows, summaryAnswer } from './primeintellect.answers';
import { primeintellectBatch } from './primeintellect.rows';
import { primeintellectSummaryBatch } from './primeintellect.summary';

const AVAILABILITY = '/api/v1/availability';
const PODS = '/api/v1/pods/';
const WHOAMI = '/api/v1/user/whoami';
const PAGE_SIZE = 100;
const DEFAULT_IMAGE = 'ubuntu_22_cuda_12';

const created = z.object({ id: z.string().min(1) });

export class PrimeintellectAdapter extends BaseProviderAdapter {
  static readonly facts: ProviderFacts = {
    slug: 'primeintellect',
    displayName: 'Prime Intellect',
    defaultBaseUrl: 'https://api.primeintellect.ai',
    keyless: false,
    credentialFields: ['api_key'],
    // None is published.
    requestsPerMinute: 60,
    complianceTags: complianceOf('primeintellect').tags,
    complianceSource: complianceOf('primeintellect').source,
    probe: { method: 'GET', path: `${AVAILABILITY}/gpus?page=1&page_size=1` },
    bookable: true,
  };
  readonly facts = PrimeintellectAdapter.facts;

  async pull({ credentials, signal }: PullRequest): Promise<OfferBatch> {
    const headers = credentials === null ? {} : bearer(credentials);
    try {
      const list = 'the availability list';
      return primeintellectBatch(await walkPages(this.facts.slug, list, (page) => this.page(page, headers, signal)));
    } catch (error) {
      if (!isAnotherShape(error)) throw error;
      return this.summary(headers, signal, error);
    }
  }

  async validateCredentials(credentials: Credentials, { signal }: { signal?: AbortSignal } = {}): Promise<boolean> {
    const headers = bearer(credentials);
    return acceptsKey(this.upstream.request({ method: 'GET', url: this.url(WHOAMI), headers, signal }));
  }

  override async bookInstance(offerId: string, durationHours: number, options: BookingOptions): Promise<BookingResult> {
    this.assertDuration(durationHours);
    const offer = readOfferId(offerId);
    const json = await this.upstream.json({
      method: 'POST',
      url: this.url(PODS),
      headers: bearer(options.credentials),
      body: {
        pod: {
          name: options.label ?? 'gpubroker',
          cloudId: offer.cloudId,
          gpuType: offer.gpuType,
          gpuCount: offer.gpuCount,
          image: options.image ?? DEFAULT_IMAGE,
          ...named('socket', offer.socket),
          ...named('dataCenterId', offer.dataCenter),
          ...named('country', offer.country),
          ...named('security', offer.security),
          ...(options.diskGb === undefined ? {} : { diskSize: options.diskGb }),
        },
        provider: { type: offer.provider },
      },
      signal: options.signal,
    });
    const { id } = this.parse(created, json, 'the answer to a booking has no id');
    return this.booked(offerId, id, durationHours);
  }

  override async terminate(instanceId: string, { credentials, signal }: TerminateOptions): Promise<void> {
    const url = this.url(`${PODS}${encodeURIComponent(instanceId)}`);
    const headers = bearer(credentials);
    await goneOrDone(this.upstream.request({ method: 'DELETE', url, headers, idempotent: true, signal }));
  }

  private async page(
    page: number,
    headers: Record<string, string>,
    signal: AbortSignal | undefined,
  ): Promise<NumberedPage> {
    const url = this.url(`${AVAILABILITY}/gpus?page=${page}&page_size=${PAGE_SIZE}`);
    const json = await this.upstream.json({ method: 'GET', url, headers, signal });
    const read = availabilityPage.safeParse(json);
    if (read.success) return { rows: read.data.items, total: read.data.totalCount ?? null };
    const grouped = groupedRows(json);
    if (grouped !== null) return { rows: grouped, total: grouped.length };
    throw new UpstreamMalformedError(this.facts.slug, 'the answer has no list of GPUs');
  }

  /** The list has changed its shape once already; the summary still tells prices, though nothing to book. */
  private async summary(
    headers: Record<string, string>,
    signal: AbortSignal | undefined,
    cause: unknown,
  ): Promise<OfferBatch> {
    const url = this.url(`${AVAILABILITY}/gpu-summary`);
    const json = await this.upstream.json({ method: 'GET', url, headers, signal }).catch(() => null);
    const read = summaryAnswer.safeParse(json);
    // What went wrong first is what has to be mended.
    if (!read.success) throw cause;
    return primeintellectSummaryBatch(read.data);
  }
}

function isAnotherShape(error: unknown): boolean {
  return isUpstreamError(error) && (error.reason === 'malformed' || error.reason === 'status_4xx');
}

function named(name: string, value: string): Record<string, string> {
  return value === '' ? {} : { [name]: value };
}

function readOfferId(offerId: string) {
  const parts = offerId.split('|');
  const [provider, cloudId, gpuType, socket, count, dataCenter, country, security, kind] = parts;
  if (
    parts.length !== 9 ||
    !/^[1-9]\d*$/.test(count ?? '') ||
    (kind !== 'spot' && kind !== 'on_demand') ||
    provider === undefined ||
    cloudId === undefined ||
    gpuType === undefined
  ) {
    throw new InvalidBookingError('not a bookable offer id of Prime Intellect');
  }
  return {
    provider,
    cloudId,
    gpuType,
    socket: socket ?? '',
    gpuCount: Number(count),
    dataCenter: dataCenter ?? '',
    country: country ?? '',
    security: security ?? '',
  };
}
