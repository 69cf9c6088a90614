import { Agent, get } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { startTiny, type RunningTiny } from './running-tiny';

interface Tally {
  answers: number;
  resets: number;
  toldToLeave: number;
}

/** Asks over one kept-alive connection until told to leave, as a balancer does. */
async function busyClient(url: string, tally: Tally): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  for (;;) {
    const leave = await new Promise<boolean>((resolve) => {
      get(`${url}/api/v2/things`, { agent }, (response) => {
        response.resume();
        response.on('end', () => {
          tally.answers += 1;
          resolve(response.headers.connection === 'close');
        });
      }).on('error', () => {
        tally.resets += 1;
        resolve(true);
      });
    });
    if (leave) break;
    await delay(Math.random() * 5);
  }
  tally.toldToLeave += 1;
  agent.destroy();
}

const within = async <T>(work: Promise<T>): Promise<number> => {
  const begun = performance.now();
  await work;
  return performance.now() - begun;
};

describe('stopping', () => {
  it('resets none of fifty busy keep-alive clients', async () => {
    for (let round = 0; round < 3; round += 1) {
      const tiny = await startTiny();
      const tally: Tally = { answers: 0, resets: 0, toldToLeave: 0 };
      const clients = Array.from({ length: 50 }, () => busyClient(tiny.url, tally));
      while (tally.answers <= 100) await delay(10);
      const took = await within(tiny.stop());
      await Promise.all(clients);
      expect(tally).toMatchObject({ resets: 0, toldToLeave: 50 });
      expect(took).toBeLessThan(3_000);
    }
  });

  it('answers readiness with 503 at once and liveness still with 200', async () => {
    let finish: () => void = () => undefined;
    const tiny = await startTiny({ wait: new Promise((resolve) => (finish = resolve)) });
    const running = tiny.ask('/api/v2/things/waiting');
    await delay(20);
    const stopping = tiny.stop();
    const health = await tiny.ask('/health');
    expect(health.status).toBe(503);
    expect(await health.json()).toMatchObject({ status: 'draining' });
    expect((await tiny.ask('/health?probe=live')).status).toBe(200);
    finish();
    await Promise.all([running, stopping]);
  });

  it('lets a running request end before it releases what the request uses', async () => {
    const order: string[] = [];
    let finish: () => void = () => undefined;
    const wait = new Promise<void>((resolve) => (finish = resolve)).then(() => void order.push('handler ended'));
    const tiny = await startTiny({ wait, onShutdown: () => Promise.resolve(void order.push('released')) });
    const running = tiny.ask('/api/v2/things/waiting');
    await delay(20);
    const stopping = tiny.stop();
    await delay(300);
    finish();
    const response = await running;
    await stopping;
    expect(response.status).toBe(200);
    expect(response.headers.get('connection')).toBe('close');
    expect(order).toEqual(['handler ended', 'released']);
  });

  it('cuts a stuck request at the grace', async () => {
    const tiny = await startTiny({ wait: new Promise(() => undefined) }, { SHUTDOWN_GRACE_MS: '400' });
    const stuck = tiny.ask('/api/v2/things/waiting').then(
      () => 'answered',
      () => 'cut',
    );
    await delay(20);
    const took = await within(tiny.stop());
    expect(await stuck).toBe('cut');
    expect(took).toBeGreaterThan(350);
    expect(took).toBeLessThan(1_500);
  });

  it('gives up on an application that does not end even then', async () => {
    const tiny = await startTiny({ onShutdown: () => new Promise(() => undefined) }, { SHUTDOWN_GRACE_MS: '10' });
    await expect(tiny.stop()).rejects.toThrow('did not stop within');
  }, 10_000);

  it('stops once however often it is asked', async () => {
    let released = 0;
    const tiny = await startTiny({ onShutdown: () => Promise.resolve(void (released += 1)) });
    await Promise.all([tiny.stop(), tiny.stop()]);
    await tiny.stop();
    expect(released).toBe(1);
  });

  it('takes no connection afterwards', async () => {
    const tiny: RunningTiny = await startTiny();
    await tiny.stop();
    await expect(tiny.ask('/health')).rejects.toThrow();
  });
});
