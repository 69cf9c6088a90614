import { anOffer, aProvider, facts } from '../../test/support/an-offer';
import { explainOffer } from './explain-offer';
import type { OfferFacts } from './offer-facts';

const T2 = '1970-01-01T00:00:02.000Z';
const node = { gpuCount: 8, pricePerHour: 2.49, pricePerNodeHour: 19.92 };

const CASES: readonly (readonly [string, Partial<OfferFacts>, string])[] = [
  ['a live source', {}, `Read from Vast.ai's own API, last at ${T2}.`],
  [
    'a catalog',
    { offer: anOffer({ source: 'catalog' }) },
    `Read from a published price catalog of Vast.ai, last at ${T2}; the cloud itself was not asked.`,
  ],
  [
    'the emulator',
    { offer: anOffer({ source: 'emulator' }) },
    `A demonstration row of the emulator that stands in for Vast.ai, last read at ${T2}; it cannot be booked for money.`,
  ],
  [
    'a unit with one GPU',
    {},
    'Vast.ai sells it with one GPU, so 2.5 USD per hour is the price of the whole and of the GPU-hour.',
  ],
  [
    'a unit with several GPUs',
    { offer: anOffer(node) },
    'The whole unit of 8 GPUs costs 19.92 USD per hour; divided by 8 that is 2.49 USD per GPU-hour.',
  ],
  [
    'a cloud that prices one GPU',
    { offer: anOffer(node), attributes: { price_unit: 'per_gpu' } },
    'Vast.ai prices one GPU-hour at 2.49 USD; the whole unit has 8 GPUs, so it costs 19.92 USD per hour.',
  ],
  [
    'a part of a GPU',
    { offer: anOffer({ gpuCount: 0.5, pricePerHour: 2, pricePerNodeHour: 1 }) },
    'The whole unit of a part of 0.5 of a GPU costs 1 USD per hour; divided by 0.5 that is 2 USD per GPU-hour.',
  ],
  [
    'a row of the earlier build',
    { offer: anOffer({ gpuCount: null, pricePerNodeHour: null }) },
    'The price of one GPU-hour is 2.5 USD; how many GPUs are sold together is not known.',
  ],
  [
    'a cloud that prices parts',
    { attributes: { gpu_usd_per_hour: '0.4', size_chosen_by: 'gpubroker' } },
    'The cloud prices parts: a GPU alone is 0.4 USD per hour, and the parts named below are added, for a standard size that is the same for every such cloud.',
  ],
  [
    'a price list with a date',
    { attributes: { price_effective_from: '2025-01-01' } },
    'The price list gives this price from 2025-01-01 on.',
  ],
  [
    'what is included',
    { attributes: { price_includes: ['gpu', 'cpu', 'ram'] } },
    'The price includes gpu, cpu and ram.',
  ],
  ['nothing said about it', {}, 'What the price includes is not known.'],
  ['what is not', { attributes: { price_excludes: ['disk'] } }, 'It does not include disk, billed apart.'],
  [
    'what nobody was told',
    { attributes: { price_unknown_for: ['disk'] } },
    'The cloud gives no price for disk: the real total is higher.',
  ],
  ['on demand', {}, 'On demand: it is yours at this price until you stop it.'],
  [
    'spot',
    { offer: anOffer({ pricing: 'spot' }) },
    'Spot: the price is fixed, and the cloud may take the machine back.',
  ],
  [
    'a bid',
    { offer: anOffer({ pricing: 'bid' }) },
    'Bid: this is the floor of an auction; whoever bids more takes the machine.',
  ],
  ['no kind', { offer: anOffer({ pricing: null }) }, 'Whether it is on demand or spot is not known.'],
  ['a commitment', { attributes: { minimum_commitment: 'contract' } }, 'It needs a commitment: contract.'],
  ['hours in advance', { attributes: { minimum_prepaid_hours: 24 } }, 'At least 24 hours are paid in advance.'],
  [
    'an exact name',
    { upstreamGpuName: 'H100 SXM', gpuMatch: 'exact' },
    'The cloud writes "H100 SXM", which names the model H100-SXM.',
  ],
  [
    'an alias',
    { upstreamGpuName: 'H100 HBM3', gpuMatch: 'alias' },
    'The cloud writes "H100 HBM3", which is another name of H100-SXM.',
  ],
  [
    'a family',
    { upstreamGpuName: 'H100', gpuMatch: 'family' },
    'The cloud writes "H100", which names only the family H100-SXM, not the model.',
  ],
  [
    'an unknown name',
    { upstreamGpuName: 'X1', gpuMatch: 'unknown' },
    'The cloud writes "X1", which no known model matches; it is shown as written.',
  ],
  ['memory', {}, '80 GB of memory are those of one GPU.'],
  [
    'memory as reported',
    { attributes: { gpu_memory_reported_mib: 81_559 } },
    '80 GB of memory are those of one GPU; the cloud reports 81559 MiB for it.',
  ],
  [
    'memory of the node',
    { attributes: { gpu_memory_total_gb: 640 } },
    '80 GB of memory are those of one GPU; the cloud reports 640 GB for all GPUs together.',
  ],
  ['no memory', { offer: anOffer({ gpuMemoryGb: null }) }, 'The memory of one GPU is not known.'],
  ['stock', { attributes: { stock: 'High' } }, `Stock was last spoken of at ${T2}: available (the cloud says "High").`],
  [
    'no word on stock',
    { availabilityKnown: false },
    'The source says nothing about stock: limited is an assumption, not a fact.',
  ],
  [
    'an offer that is gone',
    { offer: anOffer({ vanished: true }), vanishedAt: 3_000 },
    'The cloud listed it last at 1970-01-01T00:00:01.000Z and no longer at 1970-01-01T00:00:03.000Z, so it is unavailable.',
  ],
  [
    'a price in quarantine',
    { held: { pricePerHour: 29.9, since: 3_000 } },
    'Since 1970-01-01T00:00:03.000Z the cloud says 29.9 USD per GPU-hour, more than fivefold apart from the price shown: held back until the next sync agrees or an administrator releases it.',
  ],
];

describe('the explanation of an offer', () => {
  it.each(CASES)('says of %s what follows from it', (_case, changes, sentence) => {
    expect(explainOffer(facts(changes))).toContain(sentence);
  });

  it('names no cloud that is not known', () => {
    expect(explainOffer(facts({ provider: undefined }))[0]).toContain("Read from the cloud's own API");
  });

  it('is made of sentences', () => {
    for (const [, changes] of CASES)
      for (const sentence of explainOffer(facts(changes))) expect(sentence).toMatch(/^\S.*\.$/);
    expect(explainOffer(facts({ provider: aProvider() })).length).toBeGreaterThan(4);
  });
});
