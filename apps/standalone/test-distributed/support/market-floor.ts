import { setTimeout as sleep } from 'node:timers/promises';
import { ServiceProcess } from './service-process';

export const CLOUDS = ['vastai', 'runpod', 'azure'] as const;

const STEPS = 5;
const EVERY_MS = 250;

/** The emulated clouds, with prices that move as fast as they are told to. */
export class MarketFloor {
  private moving: { readonly stop: AbortController; readonly done: Promise<void> } | null = null;

  private constructor(private readonly emulator: ServiceProcess) {}

  static async open(): Promise<MarketFloor> {
    const emulator = await ServiceProcess.prepare({
      name: 'cloud-emulator',
      program: 'cloud-emulator/dist-app/distributed.js',
      portVariable: 'CLOUD_EMULATOR_PORT',
      // Its speed sets how often Vast.ai may be searched; the clock itself stands still, ticks come from here.
      env: { EMULATOR_SPEED: '1000' },
    });
    await emulator.start();
    const floor = new MarketFloor(emulator);
    await floor.tellAll({ action: 'freeze' });
    return floor;
  }

  /** What providers needs to ask these clouds every second. */
  get env(): Readonly<Record<string, string>> {
    const { url } = this.emulator;
    return {
      CLOUD_EMULATOR_URL: url,
      VASTAI_BASE_URL: `${url}/vastai`,
      VASTAI_API_KEY: 'emulator-distributed',
      RUNPOD_BASE_URL: `${url}/runpod`,
      RUNPOD_API_KEY: 'emulator-distributed',
      AZURE_BASE_URL: `${url}/azure`,
      SYNC_INTERVAL_SECONDS: '1',
    };
  }

  move(): void {
    const stop = new AbortController();
    this.moving = { stop, done: this.moveUntil(stop.signal) };
  }

  async halt(): Promise<void> {
    this.moving?.stop.abort();
    await this.moving?.done;
    this.moving = null;
  }

  async stop(): Promise<void> {
    await this.halt();
    await this.emulator.stop();
  }

  private async moveUntil(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.tellAll({ action: 'tick', steps: STEPS });
      await sleep(EVERY_MS);
    }
  }

  private async tellAll(command: Readonly<Record<string, unknown>>): Promise<void> {
    for (const provider of CLOUDS) {
      const response = await fetch(`${this.emulator.url}/__market`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ provider, ...command }),
      });
      if (!response.ok) throw new Error(`the emulator answered ${response.status}: ${await response.text()}`);
    }
  }
}
