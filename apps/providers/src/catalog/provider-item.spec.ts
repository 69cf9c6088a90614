import { aCostedOffer, aProvider } from '../../test/support/an-offer';
import { isStale, toProviderItem } from './provider-item';

describe('an offer as it is listed', () => {
  it('was last seen when its provider was last synced well', () => {
    const provider = aProvider({ lastGoodSyncAt: Date.UTC(2026, 0, 2) });
    expect(toProviderItem(aCostedOffer({ lastSeenAt: Date.UTC(2026, 0, 1) }), provider, 0).last_seen_at).toBe(
      '2026-01-02T00:00:00.000Z',
    );
  });

  it('keeps its own last sight once it is gone', () => {
    const offer = aCostedOffer({ lastSeenAt: Date.UTC(2026, 0, 1), vanished: true });
    expect(toProviderItem(offer, aProvider({ lastGoodSyncAt: Date.UTC(2026, 0, 2) }), 0).last_seen_at).toBe(
      '2026-01-01T00:00:00.000Z',
    );
  });

  it('shows what is not known as null', () => {
    const item = toProviderItem(aCostedOffer({ storageGb: null, gpuCount: null, priceChangedAt: null }), undefined, 0);
    expect(item).toMatchObject({
      storage_gb: null,
      gpu_count: null,
      price_changed_at: null,
      reliability_score: null,
      cost_per_token: null,
      cost_per_gflop: null,
    });
  });

  it('carries what it costs by the unit', () => {
    const offer = aCostedOffer({}, { costPerToken: 0.0000067, costPerGflop: 0.0000025 });
    expect(toProviderItem(offer, aProvider(), 0)).toMatchObject({
      cost_per_token: 0.0000067,
      cost_per_gflop: 0.0000025,
    });
  });
});

describe('staleness', () => {
  const provider = aProvider({ lastGoodSyncAt: 0, syncIntervalSeconds: 10 });

  it('begins after three intervals', () => {
    expect(isStale(provider, 30_000)).toBe(false);
    expect(isStale(provider, 30_001)).toBe(true);
  });

  it('holds for a provider that was never synced', () => {
    expect(isStale(aProvider({ lastGoodSyncAt: null, syncIntervalSeconds: 10 }), 30_001)).toBe(true);
    expect(isStale(undefined, 0)).toBe(true);
  });
});
