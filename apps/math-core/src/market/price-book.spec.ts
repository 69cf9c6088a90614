import pino from 'pino';
import { PriceBook } from './price-book';
import type { ProvidersClient } from './providers-client';

const HOUR = 3_600_000;
const START = Date.parse('2026-11-21T10:00:00.000Z');
const offer = (price: number) => ({
  id: 'a',
  provider: 'lambda',
  gpu_type: 'T4',
  price_per_hour: price,
  currency: 'USD',
  pricing: 'on_demand',
  availability_status: 'available',
  source: 'live',
  stale: false,
  observed_at: '2026-11-21T10:00:00.000Z',
});

/** The book over a peer whose answers a test chooses, and a clock that it moves. */
function bookAt() {
  const peer = { asked: 0, answer: (): unknown => ({ items: [offer(2)] }) };
  const client = {
    get: () => {
      peer.asked += 1;
      return Promise.resolve().then(() => peer.answer());
    },
  };
  const clock = jest.spyOn(Date, 'now').mockReturnValue(START);
  const book = new PriceBook(client as unknown as ProvidersClient, pino({ enabled: false }));
  return { book, peer, moveTo: (hours: number) => clock.mockReturnValue(START + hours * HOUR) };
}
afterEach(() => {
  jest.restoreAllMocks();
});

it('keeps a price for a minute, then asks again', async () => {
  const { book, peer, moveTo } = bookAt();
  expect((await book.quotes(['T4'], null)).byModel.get('T4')?.lowest).toBe(2);
  peer.answer = () => ({ items: [offer(3)] });
  expect((await book.quotes(['T4'], null)).byModel.get('T4')?.lowest).toBe(2);
  moveTo(0.02);
  expect(await book.quotes(['T4'], null)).toMatchObject({ away: false });
  expect((await book.quotes(['T4'], null)).byModel.get('T4')?.lowest).toBe(3);
  expect(peer.asked).toBe(2);
});

it('serves the last known price while the peer is away, for a day, and says that it is', async () => {
  const { book, peer, moveTo } = bookAt();
  await book.quotes(['T4'], null);
  peer.answer = () => {
    throw new Error('away');
  };
  moveTo(1);
  const known = await book.quotes(['T4'], null);
  expect([known.away, known.byModel.get('T4')?.lowest]).toEqual([true, 2]);
  moveTo(25);
  expect((await book.quotes(['T4'], null)).byModel.size).toBe(0);
});

it('knows no price of another region, nor of an answer that is no list', async () => {
  const { book, peer } = bookAt();
  await book.quotes(['T4'], null);
  peer.answer = () => ({ items: [{ price: 1 }] });
  const eu = await book.quotes(['T4'], 'eu');
  expect([eu.away, eu.byModel.size]).toEqual([true, 0]);
});

it('has no price of what nobody sells, without taking the peer for away', async () => {
  const { book, peer } = bookAt();
  peer.answer = () => ({ items: [] });
  expect(await book.quotes(['T4'], null)).toEqual({ away: false, byModel: new Map() });
});
