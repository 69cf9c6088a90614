import { eventually } from './eventually';
import { metric, PriceFeed } from './price-feed';
import { priceList } from './price-updates';

let feed: PriceFeed;

beforeAll(async () => {
  feed = await PriceFeed.open();
});

afterEach(() => feed.clear());
afterAll(() => feed.close());

/** The kernel takes some megabytes for a peer that does not read, before anything waits in the process. */
const FILLER = { region: 'x'.repeat(20_000) };

describe('a client that stops reading', () => {
  it('is cut at its bound, while every other gets everything in order', async () => {
    const replica = await feed.start({ WS_QUEUE_BYTES: '262144' });
    const slow = await Promise.all(Array.from({ length: 5 }, () => feed.connect(replica)));
    const reader = await feed.connect(replica);
    for (const client of slow) client.stopReading();

    let sent = 0;
    await eventually(async () => {
      await feed.publish(...priceList(40, FILLER));
      sent += 40;
      expect(await metric(replica, 'gpubroker_ws_cuts_total{reason="queue_full"')).toBe(slow.length);
    }, 30_000);
    await eventually(() => expect(reader.updates).toHaveLength(sent));
    expect(reader.closed).toBeNull();
    await eventually(async () => expect(await metric(replica, 'gpubroker_ws_clients')).toBe(1));
  }, 60_000);

  it('is cut when it takes nothing for too long, however little waits', async () => {
    const replica = await feed.start({ WS_QUEUE_BYTES: '100000000', WS_STALL_MS: '500', WS_HEARTBEAT_MS: '60000' });
    const slow = await feed.connect(replica);
    slow.stopReading();
    for (let round = 0; round < 10; round += 1) await feed.publish(...priceList(60, FILLER));

    await eventually(
      async () => expect(await metric(replica, 'gpubroker_ws_cuts_total{reason="stalled"')).toBe(1),
      20_000,
    );
  }, 60_000);
});
