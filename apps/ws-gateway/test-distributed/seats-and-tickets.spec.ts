/** Limits and tickets of sockets over three replicas on one real Redis, and without it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SocketTicketDto } from '@gpubroker/contracts/sockets';
import { RedisLink } from '@gpubroker/platform/redis';
import { TokenSigner } from '@gpubroker/testing/tokens';
import { startRedis, type RedisServer } from '../../../tools/servers/redis.mjs';
import { RedisSeats } from '../src/seats/redis.seats';
import { RedisTicketStore } from '../src/tickets/redis.ticket-store';
import { refusal } from '../test/client';
import { eventually } from '../test/eventually';
import { PriceFeed, type Replica } from '../test/price-feed';
import { seatsConformance } from '../test/seats.conformance';
import { ticketConformance } from '../test/tickets.conformance';

const LEASE_MS = 1_500;
const signer = TokenSigner.withNewKey();
let redis: RedisServer;
let link: RedisLink;
let feed: PriceFeed;
let serial = 0;
const space = () => `test:${String((serial += 1))}:`;

beforeAll(async () => {
  redis = await startRedis({ log: () => undefined });
  link = await RedisLink.open({ url: redis.url, service: 'test', onChange: () => undefined });
  feed = await PriceFeed.open();
});
afterEach(() => feed.clear());
afterAll(async () => {
  await feed.close();
  link.close();
  await redis.stop();
});

describe('seats on Redis', () => {
  const made: RedisSeats[] = [];
  const make = (name = space()) => {
    const seats = new RedisSeats({ redis: link, replicas: 3, space: name, leaseMs: LEASE_MS });
    made.push(seats);
    return seats;
  };
  afterEach(() => {
    for (const seats of made.splice(0)) seats.onApplicationShutdown();
  });

  seatsConformance(make);

  it('stay taken as long as their replica lives, and are free soon after its death', async () => {
    const name = space();
    const [living, dying] = [make(name), make(name)];
    expect(await living.take('a', 2)).not.toBeNull();
    expect(await dying.take('a', 2)).not.toBeNull();
    dying.onApplicationShutdown();
    expect(await living.take('a', 2)).toBeNull();
    await sleep(2 * LEASE_MS);
    expect(await living.take('a', 2)).not.toBeNull();
    expect(await living.take('a', 2)).toBeNull();
  });

  it('are known again after Redis forgot everything', async () => {
    const name = space();
    const seats = make(name);
    await seats.take('a', 1);
    await link.call('FLUSHALL');
    await seats.renew();
    expect(await make(name).take('a', 1)).toBeNull();
  });
});

describe('tickets on Redis', () => {
  ticketConformance(() => new RedisTicketStore(link, space()));
});

describe('three replicas', () => {
  const start = async (): Promise<Replica[]> => {
    const env = { ...signer.env, AUTH_URL: 'http://127.0.0.1:9', REDIS_URL: redis.url, REPLICAS: '3' };
    return Promise.all(Array.from({ length: 3 }, () => feed.start(env)));
  };
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const ticketOf = async (replica: Replica, token: string) => {
    const options = { method: 'POST', headers: bearer(token) };
    return (await (await fetch(`${replica.url}/api/v2/ws/tickets`, options)).json()) as SocketTicketDto;
  };
  const opened = async (replicas: readonly Replica[], token: string, count: number) => {
    const attempts = Array.from({ length: count }, (_, at) =>
      feed.connect(replicas[at % replicas.length]!, { headers: bearer(token) }),
    );
    return (await Promise.allSettled(attempts)).filter(({ status }) => status === 'fulfilled').length;
  };

  it('let in exactly what the tenant may have, of fifty that come at once', async () => {
    expect(await opened(await start(), await signer.sign(), 50)).toBe(5);
  });

  it('count the sockets of an address together', async () => {
    const replicas = await start();
    const attempts = Array.from({ length: 60 }, (_, at) => feed.connect(replicas[at % 3]!));
    expect((await Promise.allSettled(attempts)).filter(({ status }) => status === 'fulfilled')).toHaveLength(50);
  });

  it("take each other's tickets, once", async () => {
    const [one, other, third] = (await start()) as [Replica, Replica, Replica];
    const { ticket } = await ticketOf(one, await signer.sign());
    await feed.connect({ socketUrl: `${other.socketUrl}?ticket=${ticket}` });
    for (const replica of [one, other, third])
      expect((await refusal(`${replica.socketUrl}?ticket=${ticket}`)).status).toBe(401);
  });

  it('go on while Redis is away, each with its part, and count together again afterwards', async () => {
    const replicas = await start();
    await redis.kill();
    const token = await signer.sign({ claims: { plan: 'pro' } });
    expect(await opened(replicas.slice(0, 1), token, 30)).toBe(Math.floor(50 / 3));
    const { ticket } = await ticketOf(replicas[0]!, await signer.sign());
    await feed.connect({ socketUrl: `${replicas[0]!.socketUrl}?ticket=${ticket}` });
    for (const { url } of replicas) expect((await fetch(`${url}/health`)).status).toBe(200);

    await redis.start();
    await eventually(async () => {
      for (const { url } of replicas)
        expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ cache: 'up' });
    });
    expect(await opened(replicas, await signer.sign(), 50)).toBe(5);
  });
});
