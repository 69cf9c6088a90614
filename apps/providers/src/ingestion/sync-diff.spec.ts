import type { ProviderOffer } from '@gpubroker/provider-adapter/adapter';
import fc from 'fast-check';
import { toRecordable, type RecordableOffer } from './recordable-offer';
import { SyncDiffer, type KnownOffer } from './sync-diff';

const offer = (changes: Partial<ProviderOffer> = {}): ProviderOffer => ({
  provider: 'vastai',
  externalId: 'e1',
  gpuType: 'RTX-4090',
  gpuFamily: 'RTX-4090',
  gpuMatch: 'exact',
  upstreamGpuName: 'RTX 4090',
  gpuCount: 1,
  gpuMemoryGb: 24,
  cpuCores: 8,
  ramGb: 64,
  storageGb: null,
  pricePerGpuHour: '0.4',
  pricePerNodeHour: '0.4',
  currency: 'USD',
  pricing: 'on_demand',
  region: 'us-utah',
  macroRegion: 'us',
  availability: 'available',
  complianceTags: [],
  attributes: {},
  ...changes,
});

const recordable = (changes: Partial<ProviderOffer> = {}): RecordableOffer => {
  const made = toRecordable(offer(changes), 'live');
  if (!made) throw new Error('not recordable');
  return made;
};

const known = (from: RecordableOffer, changes: Partial<KnownOffer> = {}): KnownOffer => ({
  id: `id-${from.externalId}`,
  externalId: from.externalId,
  fingerprint: from.fingerprint,
  pricePerHour: from.pricePerHour,
  availability: from.availability,
  vanished: false,
  source: 'live',
  ...changes,
});

const diff = (
  before: readonly KnownOffer[],
  seen: readonly RecordableOffer[],
  more: { complete?: boolean; held?: [string, string, boolean][] } = {},
) => {
  const held = new Map((more.held ?? []).map(([id, pricePerHour, released]) => [id, { pricePerHour, released }]));
  const differ = new SyncDiffer(new Map(before.map((one) => [one.externalId, one])), held, 'live');
  differ.add(seen);
  return differ.finish(more.complete ?? true);
};

describe('a sync against what is known', () => {
  it('writes a new offer with no old price', () => {
    expect(diff([], [recordable()]).writes).toMatchObject([{ moved: true, oldPrice: null }]);
  });

  it('writes nothing for an offer that is the same', () => {
    const same = recordable();
    expect(diff([known(same)], [same])).toMatchObject({ writes: [], vanished: [], held: [], unchanged: 1 });
  });

  it('moves when the price moved, and says from where', () => {
    expect(
      diff([known(recordable())], [recordable({ pricePerGpuHour: '0.5', pricePerNodeHour: '0.5' })]).writes,
    ).toMatchObject([{ moved: true, oldPrice: '0.4000' }]);
  });

  it('moves when only the availability moved', () => {
    expect(diff([known(recordable())], [recordable({ availability: 'limited' })]).writes).toMatchObject([
      { moved: true, oldPrice: '0.4000' },
    ]);
  });

  it('writes without moving when another fact changed', () => {
    expect(diff([known(recordable())], [recordable({ ramGb: 128 })]).writes).toMatchObject([{ moved: false }]);
  });

  it('lets an offer vanish once', () => {
    const gone = recordable();
    expect(diff([known(gone)], []).vanished).toHaveLength(1);
    expect(diff([known(gone, { vanished: true })], []).vanished).toEqual([]);
  });

  it('lets nothing vanish when too many rows could not be read', () => {
    expect(diff([known(recordable())], [], { complete: false }).vanished).toEqual([]);
  });

  it('brings an offer back that had vanished', () => {
    const back = recordable();
    expect(diff([known(back, { vanished: true, availability: 'unavailable' })], [back]).writes).toMatchObject([
      { moved: true },
    ]);
  });

  it('treats the same id from another source as first sight', () => {
    const live = recordable({ pricePerGpuHour: '9', pricePerNodeHour: '9' });
    expect(diff([known(recordable(), { source: 'emulator' })], [live]).writes).toMatchObject([
      { id: 'id-e1', oldPrice: null },
    ]);
  });

  it('reads a row of the earlier build as live', () => {
    const jump = recordable({ pricePerGpuHour: '9', pricePerNodeHour: '9' });
    expect(diff([known(recordable(), { source: null, fingerprint: null })], [jump]).held).toHaveLength(1);
  });

  it('holds a price that jumps more than fivefold until the next sync agrees', () => {
    const jump = recordable({ pricePerGpuHour: '2.1', pricePerNodeHour: '2.1' });
    expect(diff([known(recordable())], [jump])).toMatchObject({
      writes: [],
      vanished: [],
      held: [{ externalId: 'e1', heldPricePerHour: '2.1000' }],
    });
    expect(diff([known(recordable())], [jump], { held: [['e1', '2.1000', false]] }).writes).toHaveLength(1);
    expect(diff([known(recordable())], [jump], { held: [['e1', '3.9000', false]] }).held).toHaveLength(1);
    expect(diff([known(recordable())], [jump], { held: [['e1', '3.9000', true]] }).writes).toHaveLength(1);
  });

  it('changes nothing when the same offers come in again', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(50)), fc.nat(400), (numbers, cents) => {
        const price = ((cents + 1) / 100).toString();
        const seen = numbers.map((at) =>
          recordable({ externalId: `e${at}`, pricePerGpuHour: price, pricePerNodeHour: price }),
        );
        const again = diff(
          seen.map((one) => known(one)),
          seen,
        );
        expect(again).toMatchObject({ writes: [], vanished: [], held: [], unchanged: seen.length });
      }),
    );
  });
});

describe('an offer made fit for its table', () => {
  it('rounds money to four decimals and keeps unknown numbers as 0', () => {
    expect(
      recordable({ pricePerGpuHour: '0.0266666', pricePerNodeHour: '0.21333', ramGb: null, cpuCores: 7.6 }),
    ).toMatchObject({
      pricePerHour: '0.0267',
      pricePerNodeHour: '0.2133',
      ramGb: 0,
      cpuCores: 8,
    });
  });

  it.each(['0', '0.00003', '1000000', 'NaN'])('refuses the price %s', (price) => {
    expect(toRecordable(offer({ pricePerGpuHour: price }), 'live')).toBeNull();
  });

  it('lists unknown stock as limited and remembers that it is an assumption', () => {
    expect(recordable({ availability: 'unknown' })).toMatchObject({
      availability: 'limited',
      availabilityKnown: false,
    });
  });

  it('has the same fingerprint for the same facts only', () => {
    expect(recordable().fingerprint).toBe(recordable().fingerprint);
    expect(recordable({ attributes: { host: 1 } }).fingerprint).not.toBe(recordable().fingerprint);
  });
});
