import { z } from 'zod';
import {
  BaseProviderAdapter,
  InvalidBookingError,
  type BookingOptions,
  type BookingResult,
  type Credentials,
  type ProviderFacts,
  type TerminateOptions,
} from '../adapter';
import { UpstreamMalformedError, UpstreamStatusError } from '../upstream';
import { describeRenting } from './describe-renting';

const keyOf = ({ api_key: key = '' }: Credentials) => ({ authorization: `Bearer ${key}` });

/** The smallest adapter that rents. */
class RentingAdapter extends BaseProviderAdapter {
  static readonly facts: ProviderFacts = {
    slug: 'renting',
    displayName: 'Renting',
    defaultBaseUrl: 'https://renting.example',
    keyless: true,
    credentialFields: ['api_key'],
    requestsPerMinute: 60,
    complianceTags: [],
    complianceSource: null,
    probe: { method: 'GET', path: '/' },
    bookable: true,
  };
  readonly facts = RentingAdapter.facts;

  pull() {
    return Promise.resolve({ offers: [], rejected: [] });
  }

  async validateCredentials(credentials: Credentials): Promise<boolean> {
    try {
      await this.upstream.request({ method: 'GET', url: this.url('/me'), headers: keyOf(credentials) });
      return true;
    } catch (error) {
      if (error instanceof UpstreamStatusError && error.reason === 'unauthorized') return false;
      throw error;
    }
  }

  override async bookInstance(offerId: string, durationHours: number, options: BookingOptions): Promise<BookingResult> {
    this.assertDuration(durationHours);
    if (!offerId.startsWith('type-')) throw new InvalidBookingError('not an offer id');
    const call = { method: 'POST', url: this.url('/machines'), headers: keyOf(options.credentials) } as const;
    const made = z.object({ id: z.string() }).safeParse(await this.upstream.json(call));
    if (!made.success) throw new UpstreamMalformedError('renting', 'no id');
    return { provider: 'renting', offerId, instanceId: made.data.id, durationHours, status: 'provisioning' };
  }

  override async terminate(instanceId: string, { credentials }: TerminateOptions): Promise<void> {
    try {
      const url = this.url(`/machines/${instanceId}`);
      await this.upstream.request({ method: 'DELETE', url, headers: keyOf(credentials) });
    } catch (error) {
      if (!(error instanceof UpstreamStatusError) || (error.status !== 404 && error.status !== 410)) throw error;
    }
  }
}

const credentials = { api_key: 'renting-secret-1' };

describeRenting(RentingAdapter, {
  credentials,
  check: { sends: { path: '/me', method: 'GET' } },
  booking: {
    offer: 'type-1',
    notOffers: ['1'],
    refusals: [
      [{ status: 409, body: 'out of stock' }, 'capacity'],
      [{ body: {} }, 'malformed'],
    ],
  },
  termination: { instance: 'm-1', sends: { method: 'DELETE', path: '/machines/m-1' } },
});
