import { completeOffer, type OfferDraft } from './offer-draft';

const draft = (changes: Partial<OfferDraft> = {}): OfferDraft => ({
  provider: 'plain',
  externalId: 'a',
  gpu: { name: 'H100 PCIe' },
  gpuCount: 2,
  pricePerNodeHour: '4',
  currency: 'USD',
  pricing: 'on_demand',
  region: 'us-east-1',
  availability: 'available',
  complianceTags: [],
  ...changes,
});

describe('completeOffer', () => {
  it('prices a slice per whole card', () => {
    const slice = draft({ gpu: { name: 'A100-SXM4-80GB MIG 1g.10gb' }, gpuCount: 1, pricePerNodeHour: '0.25' });
    expect(completeOffer(slice)).toMatchObject({ gpuCount: 0.125, pricePerGpuHour: '2', pricePerNodeHour: '0.25' });
  });

  it.each(['eur', ' Eur ', 'EUR'])('writes the currency %p as the standard has it', (currency) => {
    expect(completeOffer(draft({ currency }))).toMatchObject({ currency: 'EUR', pricePerNodeHour: '4' });
  });

  it.each([
    ['a currency that is none', draft({ currency: 'credits' }), 'malformed'],
    ['a name that says "no GPU"', draft({ gpu: { name: 'CPU_NODE' } }), 'no_gpu'],
  ])('makes no offer of %s', (_what, row, reason) => {
    expect(completeOffer(row)).toMatchObject({ reason });
  });
});
