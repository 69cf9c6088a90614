/** Many real sockets in a process of their own; tells the parent the latencies of the phase that it asks for. */
import { once } from 'node:events';
import { WebSocket } from 'ws';

export interface ClientsOrder {
  readonly kind: 'connect' | 'narrow' | 'pause' | 'report';
  readonly url?: string;
  readonly sockets?: number;
}

export interface ClientsReport {
  readonly open: number;
  readonly received: number;
  /** Milliseconds, of every message at every socket since the last report. */
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

const MARK = Buffer.from('"timestamp":"');
const TIME_LENGTH = '2026-11-21T10:00:00.000Z'.length;

/** Counts by whole milliseconds: a million numbers would be measured along. */
const counts = new Uint32Array(60_000);
const sockets: WebSocket[] = [];

function note(message: Buffer): void {
  const at = message.indexOf(MARK);
  if (at < 0) return;
  const text = message.toString('latin1', at + MARK.length, at + MARK.length + TIME_LENGTH);
  const latency = Math.min(counts.length - 1, Math.max(0, Date.now() - Date.parse(text)));
  counts[latency] = (counts[latency] ?? 0) + 1;
}

async function connect(url: string, count: number): Promise<void> {
  for (let opened = 0; opened < count; opened += 50) {
    await Promise.all(
      Array.from({ length: Math.min(50, count - opened) }, async () => {
        const socket = new WebSocket(url);
        socket.on('message', note);
        socket.on('error', () => undefined);
        sockets.push(socket);
        await once(socket, 'open');
      }),
    );
  }
}

function report(): ClientsReport {
  const received = counts.reduce((sum, count) => sum + count, 0);
  const quantile = (share: number): number => {
    let left = Math.ceil(received * share);
    return counts.findIndex((count) => (left -= count) <= 0);
  };
  const open = sockets.filter((socket) => socket.readyState === WebSocket.OPEN).length;
  const answer = { open, received, p50: quantile(0.5), p99: quantile(0.99), max: quantile(1) };
  counts.fill(0);
  return answer;
}

process.on('message', ({ kind, url = '', sockets: count = 0 }: ClientsOrder) => {
  void (async () => {
    if (kind === 'connect') await connect(url, count);
    if (kind === 'narrow') {
      const subscription = JSON.stringify({ type: 'subscribe', filters: { gpu_type: 'h100' } });
      for (const socket of sockets) socket.send(subscription);
    }
    if (kind === 'pause') for (const socket of sockets) socket.pause();
    process.send?.(report());
  })();
});
process.on('disconnect', () => process.exit(0));
