import { readFileSync } from 'node:fs';

const TICK_MS = 2;
/** Linux: nanoseconds that the main thread ran, and that it waited for a processor. */
const SCHEDULE = '/proc/self/schedstat';

export interface LoopDelay {
  /** Longest time between two turns of the event loop, ms. */
  readonly lateMs: number;
  /** Longest time that the thread itself ran between two turns: without what other processes took from it. */
  readonly busyMs: number;
}

/** Watches the event loop by a timer that notes how late it is called. */
export class LoopProbe {
  private last = this.now();
  private lateMs = 0;
  private busyMs = 0;
  private readonly timer = setInterval(() => {
    this.note();
  }, TICK_MS);

  reset(): void {
    this.last = this.now();
    this.lateMs = 0;
    this.busyMs = 0;
  }

  longest(): LoopDelay {
    this.note();
    return { lateMs: this.lateMs, busyMs: this.busyMs };
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private note(): void {
    const now = this.now();
    this.lateMs = Math.max(this.lateMs, now.wallMs - this.last.wallMs - TICK_MS);
    this.busyMs = Math.max(this.busyMs, now.ranMs - this.last.ranMs);
    this.last = now;
  }

  private now(): { wallMs: number; ranMs: number } {
    const wallMs = performance.now();
    return { wallMs, ranMs: ranMs() ?? wallMs };
  }
}

function ranMs(): number | null {
  try {
    return Number(readFileSync(SCHEDULE, 'utf8').split(' ', 1)[0]) / 1e6;
  } catch {
    return null;
  }
}
