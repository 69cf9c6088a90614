import { setTimeout as sleep } from 'node:timers/promises';
import { priceUpdates, type PriceUpdate } from '@gpubroker/contracts/events';
import { WebSocket } from 'ws';

interface Message {
  readonly type: string;
  readonly data?: PriceUpdate;
}

const RECONNECT_MS = 100;

/** A client that writes down every price change it is sent, in the order of arrival. */
export class PriceSocket {
  /** First receipts, by event id. */
  readonly seen = new Map<string, PriceUpdate>();
  repeated = 0;
  connections = 0;
  resumes = 0;
  snapshots = 0;
  /** The longest time from an event's timestamp to its first receipt, in ms. */
  latestMs = 0;
  private socket: WebSocket | null = null;
  /** What a resume names. It stands still from a connection's loss until `resumed`: live events are newer than the gap. */
  private resumeFrom: string | null = null;
  private last: string | null = null;
  private catchingUp = false;
  private leaving = false;

  constructor(private readonly url: string) {}

  /** Connects again whenever the connection ends, and asks for what was missed. */
  async open(): Promise<void> {
    while (!(await this.connect())) await sleep(RECONNECT_MS);
  }

  /** Without a good-bye, as when a train enters a tunnel. @returns whether there was a connection to drop */
  drop(): boolean {
    if (this.socket?.readyState !== WebSocket.OPEN) return false;
    this.socket.terminate();
    return true;
  }

  close(): void {
    this.leaving = true;
    this.socket?.terminate();
  }

  get isCaughtUp(): boolean {
    return this.socket?.readyState === WebSocket.OPEN && !this.catchingUp;
  }

  private connect(): Promise<boolean> {
    const socket = new WebSocket(`${this.url.replace('http', 'ws')}/ws/`);
    socket.on('error', () => undefined);
    return new Promise((resolve) => {
      socket.once('open', () => {
        this.socket = socket;
        this.connections += 1;
        this.resume(socket);
        socket.on('message', (data: Buffer) => this.read(JSON.parse(data.toString()) as Message));
        socket.once('close', () => {
          if (!this.leaving) void this.open();
        });
        resolve(true);
      });
      socket.once('close', () => resolve(this.leaving));
    });
  }

  private resume(socket: WebSocket): void {
    if (!this.catchingUp) this.resumeFrom = this.last;
    if (this.resumeFrom === null) return;
    this.catchingUp = true;
    socket.send(JSON.stringify({ type: 'resume', last_event_id: this.resumeFrom }));
  }

  private read({ type, data }: Message): void {
    if (type === 'price_update' && data !== undefined) this.note(data);
    else if (type === 'resumed' || type === 'snapshot_required') {
      this.catchingUp = false;
      if (type === 'resumed') this.resumes += 1;
      else this.snapshots += 1;
    }
  }

  private note(data: PriceUpdate): void {
    const update = priceUpdates.versions[priceUpdates.version]?.parse(data) ?? data;
    this.last = update.event_id;
    if (this.seen.has(update.event_id)) this.repeated += 1;
    else {
      this.seen.set(update.event_id, update);
      this.latestMs = Math.max(this.latestMs, Date.now() - Date.parse(update.timestamp));
    }
  }
}
