import { offerState } from '../../test/price-updates';
import { OfferBook } from './offer-book';

const NEVER_MS = 60_000;

describe('the facts of offers', () => {
  it('are those of the newest state, whatever an older reading says', () => {
    const book = new OfferBook();
    book.note([offerState('o-1', { gpu_memory_gb: 40 })]);
    book.note([offerState('o-1', { gpu_memory_gb: 80 })]);
    book.add([offerState('o-1', { gpu_memory_gb: 24 }), offerState('o-2', { gpu_memory_gb: 24 })]);
    expect([book.of('o-1')?.gpuMemoryGb, book.of('o-2')?.gpuMemoryGb, book.of('o-3')]).toEqual([80, 24, undefined]);
  });

  it('go with the offer', () => {
    const book = new OfferBook();
    book.note([offerState('o-1')]);
    book.forget('o-1');
    expect(book.of('o-1')).toBeUndefined();
  });

  it('are kept once where offers have the same', () => {
    const book = new OfferBook();
    book.note([offerState('o-1', { price_per_hour: 1 }), offerState('o-2', { price_per_hour: 2 })]);
    expect(book.of('o-1')).toBe(book.of('o-2'));
  });

  it('are waited for until all are known', async () => {
    const book = new OfferBook();
    let known = false;
    const waiting = book.whenKnown(['o-1', 'o-2'], NEVER_MS).then(() => (known = true));
    book.note([offerState('o-1')]);
    await Promise.resolve();
    expect(known).toBe(false);
    book.note([offerState('o-2')]);
    await waiting;
    expect(known).toBe(true);
  });

  it('are waited for once where they do not come', async () => {
    const book = new OfferBook();
    await book.whenKnown(['o-1'], 1);
    await book.whenKnown(['o-1'], NEVER_MS);
    book.note([offerState('o-1')]);
    book.forget('o-1');
    let over = false;
    const waiting = book.whenKnown(['o-1'], NEVER_MS).then(() => (over = true));
    await Promise.resolve();
    expect(over).toBe(false);
    book.note([offerState('o-1')]);
    await waiting;
  });

  it('are not waited for where they are known, nor for ever', async () => {
    const book = new OfferBook();
    book.note([offerState('o-1')]);
    await book.whenKnown(['o-1'], NEVER_MS);
    await book.whenKnown(['o-2'], 1);
    expect(book.of('o-2')).toBeUndefined();
  });
});
