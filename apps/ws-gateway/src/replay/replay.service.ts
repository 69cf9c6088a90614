import { Injectable } from '@nestjs/common';
import type { SocketClient } from '../sockets/socket-client';
import { RESUMED, SNAPSHOT_REQUIRED } from '../sockets/server-messages';
import { Backlog, type ReplayStart } from './backlog';

/** Written at once; the next part follows when the connection has taken it, so that a replay never fills a queue. */
const PART_BYTES = 128 * 1024;

/**
 * Gives a client what it missed. While it runs, the client gets nothing live: the replay reads on until it has caught up
 * with the backlog's end, in the same turn of the event loop in which live delivery takes over. So nothing falls between.
 */
@Injectable()
export class ReplayService {
  constructor(private readonly backlog: Backlog) {}

  resume(client: SocketClient, lastEventId: string): void {
    const start = this.backlog.after(lastEventId);
    if (start === null) {
      this.giveUp(client);
      return;
    }
    const cancelled = client.beginReplay();
    this.sendPart(client, start, start.from, cancelled);
  }

  private sendPart(client: SocketClient, start: ReplayStart, from: number, cancelled: AbortSignal): void {
    if (cancelled.aborted) return;
    if (from < this.backlog.first) {
      this.giveUp(client);
      return;
    }
    const part = this.readPart(client, start, from);
    if (part.frames.length > 0) {
      client.write(Buffer.concat(part.frames), () => {
        this.sendPart(client, start, part.next, cancelled);
      });
      return;
    }
    client.endReplay();
    client.send(RESUMED);
  }

  /** Without frames it has reached the end. */
  private readPart(client: SocketClient, start: ReplayStart, from: number): { frames: Buffer[]; next: number } {
    const frames: Buffer[] = [];
    let next = from;
    for (let bytes = 0; next < this.backlog.end && bytes < PART_BYTES; next += 1) {
      const message = this.backlog.at(next);
      if (message === undefined || start.has(message, next) || !client.wants(message.subject)) continue;
      frames.push(message.frame);
      bytes += message.frame.length;
    }
    return { frames, next };
  }

  private giveUp(client: SocketClient): void {
    client.endReplay();
    client.send(SNAPSHOT_REQUIRED);
  }
}
