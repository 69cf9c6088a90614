import { request as httpRequest } from 'node:http';
import type { Socket } from 'node:net';
import { startService, type RunningService } from '@gpubroker/platform/service';
import { cloudEmulatorService } from '../src/index';

/** A fetch client opens a connection ahead after a cut one; the server counts it as busy until the grace is over. */
const SHUTDOWN_GRACE_MS = '3000';
const ENV = {
  CLOUD_EMULATOR_PORT: '0',
  LOG_LEVEL: 'silent',
  EMULATOR_SPEED: '60',
  EMULATOR_SEED: '1',
  SHUTDOWN_GRACE_MS,
};
const SEARCH = { limit: 1_000, verified: { in: [true, false] } };

let emulator: RunningService;
beforeEach(async () => {
  emulator = await startService(cloudEmulatorService, ENV);
});
afterEach(async () => {
  await emulator.stop();
});

const send = (path: string, body?: unknown, init: RequestInit = {}) =>
  fetch(`${emulator.url}${path}`, {
    ...(body !== undefined && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
    ...init,
  });
const setMode = (provider: string, mode: string) => send('/__mode', { provider, mode });
const market = async (command: object) => (await send('/__market', command)).json();
const offers = async () => {
  const answer = await send('/vastai/api/v0/bundles/', SEARCH);
  return ((await answer.json()) as { offers: { id: number; gpu_name: string; dph_base: number }[] }).offers;
};

describe('cloud-emulator over HTTP', () => {
  it('serves each cloud under its own prefix', async () => {
    expect((await offers()).length).toBeGreaterThan(60);
    const runpod = await send('/runpod/graphql', { query: '{ gpuTypes { id } }' });
    expect(await runpod.json()).toMatchObject({ data: { gpuTypes: expect.any(Array) as unknown } });
    const azure = await send("/azure/api/retail/prices?$filter=serviceName eq 'Virtual Machines'");
    const { NextPageLink } = (await azure.json()) as { NextPageLink: string };
    const next = await fetch(NextPageLink);
    expect(NextPageLink).toContain(`${emulator.url.replace('[::1]', 'localhost')}/azure/`);
    expect(next.status).toBe(200);
  });

  it('has no cloud under another prefix', async () => {
    expect((await send('/nimbus/v1/offers')).status).toBe(404);
  });

  it('answers its health check', async () => {
    expect((await send('/health')).status).toBe(200);
  });

  it('books and gives back over the wire', async () => {
    const [offer] = await offers();
    const headers = { 'content-type': 'application/json', authorization: 'Bearer emulator-key' };
    const rented = await send(`/vastai/api/v0/asks/${offer!.id}/`, undefined, {
      method: 'PUT',
      headers,
      body: '{"image":"x"}',
    });
    const { new_contract: id } = (await rented.json()) as { new_contract: number };
    expect((await offers()).map((one) => one.id)).not.toContain(offer!.id);
    const ended = await send(`/vastai/api/v0/instances/${id}/`, undefined, {
      method: 'DELETE',
      headers: { authorization: headers.authorization },
    });
    expect(await ended.json()).toEqual({ success: true });
  });

  it('reads a sign-in that comes as a form', async () => {
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: 'app',
      client_secret: 'emulator-secret',
      scope: 'x/.default',
    });
    const answer = await send('/azure/some-tenant/oauth2/v2.0/token', undefined, { method: 'POST', body });
    expect(await answer.json()).toMatchObject({ token_type: 'Bearer' });
  });

  it('shows a price change within ten seconds at the speed of npm start', async () => {
    const before = new Map((await offers()).map((offer) => [offer.id, offer.dph_base]));
    const deadline = Date.now() + 10_000;
    let moved = false;
    while (!moved && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 500));
      moved = (await offers()).some(({ id, dph_base: price }) => before.has(id) && before.get(id) !== price);
    }
    expect(moved).toBe(true);
  }, 15_000);
});

describe('modes', () => {
  const prices = () => send('/azure/api/retail/prices');

  it('are all ok at first, and set one cloud at a time', async () => {
    expect(await (await send('/__mode')).json()).toMatchObject({ azure: 'ok', runpod: 'ok', vastai: 'ok' });
    expect(await (await setMode('azure', '500')).json()).toMatchObject({ azure: '500', runpod: 'ok', vastai: 'ok' });
    expect((await prices()).status).toBe(500);
    expect((await send('/runpod/graphql', { query: '{ gpuTypes { id } }' })).status).toBe(200);
    await setMode('azure', 'ok');
    expect((await prices()).status).toBe(200);
  });

  it('slow: answers after three seconds', async () => {
    await setMode('azure', 'slow');
    const started = Date.now();
    expect((await prices()).status).toBe(200);
    expect(Date.now() - started).toBeGreaterThanOrEqual(2_900);
  });

  it('hang: never answers', async () => {
    await setMode('azure', 'hang');
    await expect(send('/azure/api/retail/prices', undefined, { signal: AbortSignal.timeout(700) })).rejects.toThrow(
      'timeout',
    );
  });

  it('garbage: JSON that ends too early, then a web page', async () => {
    await setMode('azure', 'garbage');
    await expect((await prices()).json()).rejects.toThrow('JSON');
    expect(await (await prices()).text()).toContain('<!doctype html>');
  });

  it('huge: goes past any limit and does not end', async () => {
    await setMode('azure', 'huge');
    const response = await prices();
    let bytes = 0;
    for await (const chunk of response.body as unknown as AsyncIterable<Uint8Array>) {
      bytes += chunk.byteLength;
      if (bytes > 8_000_000) break;
    }
    expect(bytes).toBeGreaterThan(8_000_000);
  });

  it('huge: stops sending to a reader that does not read', async () => {
    await setMode('azure', 'huge');
    const sockets: Socket[] = [];
    emulator.app.getHttpServer().on('connection', (socket: Socket) => sockets.push(socket));
    const request = httpRequest(`${emulator.url}/azure/api/retail/prices`, { agent: false }, (response) =>
      response.pause(),
    );
    request.end();
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    // What waits in the system's own buffers counts as written; about 40 MB would be without the stop.
    const written = Math.max(...sockets.map((socket) => socket.bytesWritten));
    request.on('error', () => undefined).destroy();
    expect(written).toBeGreaterThan(1_000_000);
    expect(written).toBeLessThan(16_000_000);
  });

  it('bad_rows: breaks every second row', async () => {
    await setMode('azure', 'bad_rows');
    const { Items } = (await (await prices()).json()) as { Items: { retailPrice: unknown }[] };
    expect(
      Items.filter(({ retailPrice }) => typeof retailPrice !== 'number' || retailPrice < 0).length,
    ).toBeGreaterThan(30);
  });

  it('capacity: bookings fail as 500, searches do not', async () => {
    await setMode('vastai', 'capacity');
    const [offer] = await offers();
    const headers = { 'content-type': 'application/json', authorization: 'Bearer emulator-key' };
    const rented = await send(`/vastai/api/v0/asks/${offer!.id}/`, undefined, {
      method: 'PUT',
      headers,
      body: '{"image":"x"}',
    });
    expect(rented.status).toBe(500);
    expect(await rented.text()).toContain('capacity');
  });

  it.each([
    [{ provider: 'azure', mode: 'sulk' }, 400],
    [{ provider: 'azure' }, 400],
    [{ provider: 'nimbus', mode: 'ok' }, 404],
  ])('refuse %j with %p', async (body, status) => {
    expect((await send('/__mode', body)).status).toBe(status);
  });

  it.each(['hang', 'huge', 'slow'])('do not keep the emulator from stopping: %s', async (mode) => {
    await setMode('azure', mode);
    const pending = prices()
      .then((response) => response.text())
      .catch(() => 'cut');
    await new Promise((resolve) => setTimeout(resolve, 300));
    const started = Date.now();
    await emulator.stop();
    await pending;
    expect(Date.now() - started).toBeLessThan(1_500);
  });
});

describe('the market by hand', () => {
  it('stands still when frozen, moves by ticks, and goes on when thawed', async () => {
    expect(await market({ provider: 'vastai', action: 'freeze' })).toMatchObject({ provider: 'vastai', frozen: true });
    const { steps } = (await market({ provider: 'vastai', action: 'tick', steps: 100 })) as { steps: number };
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    expect(await market({ provider: 'vastai', action: 'tick' })).toMatchObject({ steps: steps + 1, frozen: true });
    expect(await market({ provider: 'vastai', action: 'thaw' })).toMatchObject({ frozen: false });
    await new Promise((resolve) => setTimeout(resolve, 1_600));
    expect(((await market({ provider: 'vastai', action: 'tick' })) as { steps: number }).steps).toBeGreaterThan(
      steps + 2,
    );
  });

  it('pins a price and lets it go', async () => {
    await market({ provider: 'vastai', action: 'freeze' });
    const lots = (await (await send('/__market/vastai')).json()) as string[];
    const lot = lots.find((one) => one === 'H100 SXM #1')!;
    const price = async () => (await offers()).find(({ gpu_name: name }) => name === 'H100 SXM')?.dph_base;
    const before = await price();
    await market({ provider: 'vastai', action: 'set_price', lot, price: '3.21' });
    expect(await price()).toBe(3.21);
    await market({ provider: 'vastai', action: 'set_price', lot, price: null });
    expect(await price()).toBe(before);
  });

  it.each([
    [{ provider: 'nimbus', action: 'freeze' }, 404],
    [{ provider: 'vastai', action: 'set_price', lot: 'nothing', price: '1' }, 404],
    [{ provider: 'vastai', action: 'set_price', lot: 'RTX 3060 #1', price: '-1' }, 400],
    [{ provider: 'vastai', action: 'explode' }, 400],
  ])('refuses %j with %p', async (command, status) => {
    expect((await send('/__market', command)).status).toBe(status);
  });

  it('runs alike in two emulators with the same seed', async () => {
    const other = await startService(cloudEmulatorService, ENV);
    try {
      const lists = await Promise.all(
        [emulator.url, other.url].map(async (url) => {
          const post = (path: string, body: object) =>
            fetch(url + path, {
              method: 'POST',
              headers: { 'content-type': 'application/json' },
              body: JSON.stringify(body),
            });
          await post('/__market', { provider: 'vastai', action: 'freeze' });
          const { steps } = (await (await post('/__market', { provider: 'vastai', action: 'tick' })).json()) as {
            steps: number;
          };
          await post('/__market', { provider: 'vastai', action: 'tick', steps: 500 - steps });
          const found = (await (await post('/vastai/api/v0/bundles/', SEARCH)).json()) as {
            offers: { id: number; dph_base: number }[];
          };
          return found.offers.map(({ id, dph_base: price }) => [id, price]);
        }),
      );
      expect(lists[0]).toEqual(lists[1]);
    } finally {
      await other.stop();
    }
  });
});

describe('configuration', () => {
  it('runs at real pace with seed 1 by default', () => {
    expect(cloudEmulatorService.loadConfig({})).toMatchObject({ service: { port: 8190 }, own: { speed: 1, seed: 1 } });
  });

  it.each([{ EMULATOR_SPEED: '0' }, { EMULATOR_SPEED: 'fast' }, { EMULATOR_SEED: '-1' }, { EMULATOR_SEED: '1.5' }])(
    'refuses %j',
    (env) => {
      expect(() => cloudEmulatorService.loadConfig(env)).toThrow(Object.keys(env)[0]);
    },
  );
});
