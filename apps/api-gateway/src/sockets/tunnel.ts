import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

const KEEP_ALIVE_MS = 30_000;

/** Joins two connections until either ends; bytes wait in the kernel when one side is slow, not in this process. */
export function tunnel(caller: Socket, service: Duplex, onClose: () => void): void {
  for (const [one, other] of [
    [caller, service],
    [service, caller],
  ] as const) {
    one.on('error', () => one.destroy());
    one.once('close', () => {
      other.destroy();
      onClose();
    });
    one.pipe(other);
  }
  for (const socket of [caller, service]) keepWatch(socket);
}

/** A peer whose machine vanished sends no end: the kernel's probes find out. */
function keepWatch(socket: Duplex & Partial<Pick<Socket, 'setTimeout' | 'setNoDelay' | 'setKeepAlive'>>): void {
  socket.setTimeout?.(0);
  socket.setNoDelay?.(true);
  socket.setKeepAlive?.(true, KEEP_ALIVE_MS);
}
