import { anOffer, facts } from '../../test/support/an-offer';
import { toOfferDetail } from './offer-detail';
import { saidByCloud } from './offer-facts';

const detail = (changes: Parameters<typeof facts>[0] = {}) => toOfferDetail(facts(changes), 0);

describe('one offer in detail', () => {
  it('keeps price and availability as two facts with two times', () => {
    expect(detail({ availabilityChangedAt: 1_500 })).toMatchObject({
      price_observed_at: '1970-01-01T00:00:02.000Z',
      availability_observed_at: '1970-01-01T00:00:02.000Z',
      availability_changed_at: '1970-01-01T00:00:01.500Z',
    });
  });

  it('has no time of an availability that nobody spoke of', () => {
    expect(detail({ availabilityKnown: false })).toMatchObject({
      availability_known: false,
      availability_observed_at: null,
    });
  });

  it('takes the availability of what is gone from the sync that missed it', () => {
    const gone = detail({ offer: anOffer({ vanished: true }), availabilityKnown: false, vanishedAt: 9_000 });
    expect(gone).toMatchObject({
      price_observed_at: '1970-01-01T00:00:01.000Z',
      availability_observed_at: '1970-01-01T00:00:09.000Z',
    });
  });

  it.each([
    ['on_demand', null],
    ['spot', 'fixed_price'],
    ['bid', 'auction'],
    [null, null],
  ] as const)('shows %s as spot kind %s', (pricing, kind) => {
    expect(detail({ offer: anOffer({ pricing }) }).spot_kind).toBe(kind);
  });

  it('shows a price in quarantine beside the one that stands', () => {
    expect(detail({ held: { pricePerHour: 29.9, since: 3_000 } })).toMatchObject({
      price_per_hour: 2.5,
      quarantine: { reason: 'price_jump', price_per_hour: 29.9, held_since: '1970-01-01T00:00:03.000Z' },
    });
    expect(detail().quarantine).toBeNull();
  });

  it('reads commitments and contents of the price from what the adapter kept', () => {
    const attributes = { price_includes: ['gpu', 'disk'], minimum_commitment: 'contract', minimum_prepaid_hours: 24 };
    expect(detail({ attributes })).toMatchObject({ ...attributes, attributes });
    expect(detail()).toMatchObject({ price_includes: null, minimum_commitment: null, minimum_prepaid_hours: null });
  });
});

describe('what the cloud said', () => {
  it('is not known where it has another type than expected', () => {
    const odd = saidByCloud({ price_includes: 'gpu', price_unit: ['x'], minimum_prepaid_hours: 'one', stock: '' });
    expect(odd).toMatchObject({ priceIncludes: null, priceUnit: null, minimumPrepaidHours: null, stockWord: null });
  });
});
