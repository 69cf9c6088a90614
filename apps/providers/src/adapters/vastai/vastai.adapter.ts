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
import { parseAmount } from '@gpubroker/provider-adapter/normalise';
import {
  UpstreamCapacityError,
  UpstreamIncompleteError,
  UpstreamStatusError,
} from '@gpubroker/provider-adapter/upstream';
import { z } from 'zod';
import { bearer } from '../bearer';
import { goneOrDone } from '../cloud-answers';
import { complianceOf } from '../cloud-compliance';
import { vastBatch, vastEnvelope, type VastAnswer, type VastSearchType } from './vastai.rows';
import { FIRST_SLICES, sliceFilters, splitSlice, VAST_ANSWER_LIMIT, type VastSlice } from './vastai.slices';

/** Searches per pull: at ten a minute more would take longer than the market stands still. */
const MOST_SEARCHES = 60;
/** GB: what dph_total includes. The documentation's own default, said so that it cannot change under us. */
const DEFAULT_DISK_GB = 8;
/** Where a key is refused this endpoint says 404, not 401. */
const KEY_REFUSED = new Set([401, 403, 404]);

const rented = z.object({ success: z.boolean(), new_contract: z.union([z.number(), z.string()]).optional() });
const withPrice = z.object({ dph_total: z.number() });

export class VastaiAdapter extends BaseProviderAdapter {
  static readonly facts: ProviderFacts = {
    slug: 'vastai',
    displayName: 'Vast.ai',
    defaultBaseUrl: 'https://console.vast.ai',
    keyless: true,
    credentialFields: ['api_key'],
    requestsPerMinute: 10,
    complianceTags: complianceOf('vastai').tags,
    complianceSource: complianceOf('vastai').source,
    probe: { method: 'POST', path: '/api/v0/bundles/', body: { limit: 1 } },
    bookable: true,
  };
  readonly facts = VastaiAdapter.facts;

  async pull({ credentials, signal }: PullRequest): Promise<OfferBatch> {
    const answers: VastAnswer[] = [];
    for (const type of ['on-demand', 'bid'] as const) {
      answers.push({ type, rows: await this.searchAll(type, credentials, signal) });
    }
    return vastBatch(answers);
  }

  async validateCredentials(credentials: Credentials, options: { signal?: AbortSignal } = {}): Promise<boolean> {
    try {
      await this.upstream.json({
        method: 'GET',
        url: this.url('/api/v0/users/current/'),
        headers: bearer(credentials),
        signal: options.signal,
      });
      return true;
    } catch (error) {
      if (error instanceof UpstreamStatusError && KEY_REFUSED.has(error.status)) return false;
      throw error;
    }
  }

  override async bookInstance(offerId: string, durationHours: number, options: BookingOptions): Promise<BookingResult> {
    this.assertDuration(durationHours);
    const { askId, bid } = readOfferId(offerId);
    const price = bid ? readBid(options.bidPerNodeHour) : null;
    const json = await this.upstream.json({
      method: 'PUT',
      url: this.url(`/api/v0/asks/${askId}/`),
      headers: bearer(options.credentials),
      body: {
        client_id: 'me',
        image: options.image ?? 'nvidia/cuda:12.4.1-base-ubuntu22.04',
        disk: options.diskGb ?? DEFAULT_DISK_GB,
        runtype: 'ssh',
        target_state: 'running',
        // Without it an offer that cannot start at once is kept waiting, and billed for its disk.
        cancel_unavail: true,
        ...(options.label === undefined ? {} : { label: options.label }),
        ...(price === null ? {} : { price }),
      },
      signal: options.signal,
    });
    const { success, new_contract: instanceId } = this.parse(rented, json, 'the answer to a booking has another shape');
    if (!success || instanceId === undefined) throw new UpstreamCapacityError(this.facts.slug, 'the booking', 200);
    return this.booked(offerId, String(instanceId), durationHours);
  }

  override async terminate(instanceId: string, { credentials, signal }: TerminateOptions): Promise<void> {
    await goneOrDone(
      this.upstream.request({
        method: 'DELETE',
        url: this.url(`/api/v0/instances/${encodeURIComponent(instanceId)}/`),
        headers: bearer(credentials),
        idempotent: true,
        signal,
      }),
    );
  }

  /** Searches slice by slice; a slice that fills an answer is divided and asked again, since its end may be missing. */
  private async searchAll(
    type: VastSearchType,
    credentials: Credentials | null,
    signal: AbortSignal | undefined,
  ): Promise<unknown[]> {
    const rows: unknown[] = [];
    const waiting: VastSlice[] = [...FIRST_SLICES];
    let searches = 0;
    for (let slice = waiting.shift(); slice !== undefined; slice = waiting.shift()) {
      searches += 1;
      if (searches > MOST_SEARCHES) throw this.incomplete(type);
      const found = await this.search(type, slice, credentials, signal);
      if (found.length < VAST_ANSWER_LIMIT) rows.push(...found);
      else {
        const parts = splitSlice(slice, pricesOf(found));
        if (parts === null) throw this.incomplete(type);
        waiting.unshift(...parts);
      }
    }
    return rows;
  }

  private async search(
    type: VastSearchType,
    slice: VastSlice,
    credentials: Credentials | null,
    signal: AbortSignal | undefined,
  ): Promise<unknown[]> {
    const json = await this.upstream.json({
      method: 'POST',
      url: this.url('/api/v0/bundles/'),
      headers: credentials === null ? {} : bearer(credentials),
      body: {
        type,
        limit: VAST_ANSWER_LIMIT,
        allocated_storage: DEFAULT_DISK_GB,
        // Each left out has a default that hides offers.
        verified: { in: [true, false] },
        rentable: { eq: true },
        rented: { eq: false },
        ...sliceFilters(slice),
        order: [
          ['dph_total', 'asc'],
          ['id', 'asc'],
        ],
      },
      idempotent: true,
      signal,
    });
    const envelope = this.parse(vastEnvelope, json, 'the search answer has no list of offers');
    return envelope.offers;
  }

  private incomplete(type: VastSearchType): UpstreamIncompleteError {
    return new UpstreamIncompleteError(this.facts.slug, `the ${type} search cannot be divided into answers that end`);
  }
}

function pricesOf(rows: readonly unknown[]): number[] {
  return rows.flatMap((row) => {
    const read = withPrice.safeParse(row);
    return read.success ? [read.data.dph_total] : [];
  });
}

/** USD per hour for the whole machine. */
function readBid(bidPerNodeHour: string | undefined): number {
  const bid = parseAmount(bidPerNodeHour);
  if (bid === null || bid === 'malformed' || !bid.isPositive() || bid.isZero()) {
    throw new InvalidBookingError('a bid offer needs bidPerNodeHour, in USD above 0');
  }
  return bid.toNumber();
}

function readOfferId(offerId: string): { askId: string; bid: boolean } {
  const match = /^(\d+)\|(on_demand|bid)$/.exec(offerId);
  if (match?.[1] === undefined) throw new InvalidBookingError('not an offer id of Vast.ai');
  return { askId: match[1], bid: match[2] === 'bid' };
}
