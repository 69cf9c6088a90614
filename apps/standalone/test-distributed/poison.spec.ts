/**
 * Records that cannot be read or handled, on the PostgreSQL log, through the processes of ws-gateway and of a kpi-like
 * consumer. All have the same key as good ones behind them.
 *
 * Compared: the event ids that a socket got and that the consumer handled with those of the good records, in order; the
 * records in `price_updates.dlq` with the bad ones as they were written, and their reasons; the counters in /metrics.
 */
import { randomUUID } from 'node:crypto';
import type { EventRecord } from '@gpubroker/events/transport';
import { eventually } from '@gpubroker/testing/eventually';
import { idOf, priceRecord } from './support/price-record';
import type { PriceSocket } from './support/price-socket';
import { PriceSystem } from './support/price-system';
import type { ServiceProcess } from './support/service-process';

const OFFER = randomUUID();
const POISON_OFFER = randomUUID();

const before = priceRecord(OFFER, 1.5);
const notJson: EventRecord = { ...priceRecord(OFFER, 2), value: '{"event_id": ' };
const notAnUpdate: EventRecord = { ...priceRecord(OFFER, 2), value: '{"price": "cheap"}' };
const ofTomorrow: EventRecord = withVersion(priceRecord(OFFER, 2.5), '99');
const unwanted = priceRecord(POISON_OFFER, 3);
const behind = priceRecord(OFFER, 1.75);
const ofAnother = priceRecord(randomUUID(), 4);

function withVersion(record: EventRecord, version: string): EventRecord {
  return { ...record, headers: { ...record.headers, 'event-version': version } };
}

let system: PriceSystem;
let gateway: ServiceProcess;
let consumer: ServiceProcess;
let socket: PriceSocket;

beforeAll(async () => {
  system = await PriceSystem.open();
  gateway = await system.wsGateway();
  consumer = await system.consumer({ CONSUMER_POISON_OFFER: POISON_OFFER });
  socket = await system.socket(gateway);
  await system.ledger.append([before, notJson, notAnUpdate, ofTomorrow, unwanted, behind, ofAnother]);
  await eventually(
    async () => [socket.seen.size, await system.ledger.handledCount()],
    ([seen, handled]) => seen === 4 && handled === 3,
  ).catch(() => undefined);
  console.log(
    `4 good records and 3 that cannot be read: ${socket.seen.size} at the socket, ${await system.ledger.handledCount()} handled ` +
      'by a consumer that refuses one of the good',
  );
});

afterAll(() => system.close());

describe('records that cannot be read or handled', () => {
  it('hold up nothing on its way to a socket, and are not guessed at', () => {
    expect([...socket.seen.keys()]).toEqual([before, unwanted, behind, ofAnother].map(idOf));
  });

  it('hold up nothing at a consumer', async () => {
    expect((await system.ledger.handled()).map(({ eventId }) => eventId)).toEqual(
      [before, behind, ofAnother].map(idOf),
    );
  });

  it.each([
    ['ws-gateway', [notJson, notAnUpdate, ofTomorrow], ['malformed', 'invalid', 'unknown_version']],
    [
      'kpi-like',
      [notJson, notAnUpdate, ofTomorrow, unwanted],
      ['malformed', 'invalid', 'unknown_version', 'handler_refused'],
    ],
  ])('are kept as they were by %s, each with its reason', async (group, records, reasons) => {
    const letters = await system.ledger.putAside(group);
    expect(letters.map(({ key, value }) => ({ key, value }))).toEqual(
      records.map(({ key, value }) => ({ key, value })),
    );
    expect(letters.map(({ headers }) => headers['dlq-reason'])).toEqual(reasons);
  });

  it('are counted', async () => {
    const counted = async (process: ServiceProcess, group: string, reason: string) =>
      (await process.metrics())
        .split('\n')
        .filter((line) => line.startsWith('gpubroker_dead_letters_total{'))
        .some(
          (line) => line.includes(`group="${group}"`) && line.includes(`reason="${reason}"`) && line.endsWith(' 1'),
        );
    expect(await counted(gateway, 'ws-gateway', 'unknown_version')).toBe(true);
    expect(await counted(consumer, 'kpi-like', 'unknown_version')).toBe(true);
    expect(await counted(consumer, 'kpi-like', 'handler_refused')).toBe(true);
  });
});
