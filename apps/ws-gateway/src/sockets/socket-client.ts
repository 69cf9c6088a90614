import type { Socket } from 'node:net';
import { WebSocket } from 'ws';
import { EVERYTHING, type PriceMatcher } from '../subscriptions/price-matcher';
import type { PriceSubject } from '../subscriptions/price-subject';
import { MessageBudget } from './message-budget';
import { HEARTBEAT } from './server-messages';
import type { Seat } from '../seats/socket-seats';
import type { SocketOwner } from './socket-owner';
import { decideUpkeep, type CutReason } from './upkeep';

/** Who connected, as found out at the upgrade. */
export interface Visitor {
  /** Counted under this name: see addressKey. */
  readonly address: string;
  readonly owner: SocketOwner;
  /** Free again when the socket is gone. */
  readonly seat: Seat;
  /** The connection under the WebSocket, which ready-made frames are written to. */
  readonly connection: Socket;
}

export interface ClientLimits {
  readonly heartbeatMs: number;
  readonly queueBytes: number;
  readonly stallMs: number;
}

/**
 * One open socket. Ready-made frames are written to the connection below `ws`: many messages are then one write. The two may
 * be mixed because both write whole frames, as long as no extension (compression) rewrites them.
 */
export class SocketClient {
  readonly budget = new MessageBudget(performance.now());
  private matcher: PriceMatcher = EVERYTHING;
  private needsFacts = false;
  private replay: AbortController | null = null;
  private heartbeatAt: number;
  private awaitsPong = false;
  private taken = 0;
  private stuckSince: number | null = null;

  constructor(
    private readonly socket: WebSocket,
    private readonly visitor: Visitor,
    private readonly limits: ClientLimits,
    private readonly onCut: (reason: CutReason) => void,
  ) {
    this.heartbeatAt = performance.now() + limits.heartbeatMs;
    socket.on('pong', () => {
      this.awaitsPong = false;
    });
  }

  get address(): string {
    return this.visitor.address;
  }

  get owner(): SocketOwner {
    return this.visitor.owner;
  }

  /** Its token has run out: what a signed-in caller may see it may see no longer than that. @param now Date.now() */
  hasExpired(now: number): boolean {
    return this.owner.kind === 'user' && this.owner.claims.exp * 1000 <= now;
  }

  leaveSeat(): void {
    this.visitor.seat.release();
  }

  get isOpen(): boolean {
    return this.socket.readyState === WebSocket.OPEN;
  }

  /** @param needsFacts whether it asks for more than a price change carries */
  narrow(matcher: PriceMatcher, needsFacts: boolean): void {
    this.matcher = matcher;
    this.needsFacts = needsFacts;
  }

  get asksForFacts(): boolean {
    return this.needsFacts;
  }

  get wantsEverything(): boolean {
    return this.matcher === EVERYTHING;
  }

  wants(subject: PriceSubject): boolean {
    return this.matcher(subject);
  }

  /** @returns aborts when another replay begins, this one ends, or the socket closes */
  beginReplay(): AbortSignal {
    this.endReplay();
    this.replay = new AbortController();
    return this.replay.signal;
  }

  endReplay(): void {
    this.replay?.abort();
    this.replay = null;
  }

  get isReplaying(): boolean {
    return this.replay !== null;
  }

  send(frame: Buffer): void {
    this.write(frame);
  }

  /**
   * Cuts the peer when too much waits for it already. What is written now does not count: a burst alone cuts nobody who
   * has kept up.
   * @param frames one or more whole frames
   * @param taken called when the connection has taken them
   */
  write(frames: Buffer, taken?: () => void): void {
    if (!this.isOpen) return;
    const { connection } = this.visitor;
    if (connection.writableLength > this.limits.queueBytes) this.cut('queue_full');
    else if (taken === undefined) connection.write(frames);
    else {
      connection.write(frames, (error) => {
        if (!error) taken();
      });
    }
  }

  /** Heartbeat when it is time, and the end of a peer that is dead or does not read. */
  lookAfter(now: number): void {
    if (!this.isOpen) return;
    this.noteProgress(now);
    const { heartbeatAt, awaitsPong, stuckSince } = this;
    const upkeep = decideUpkeep({ now, heartbeatAt, awaitsPong, stuckSince, stallMs: this.limits.stallMs });
    if (upkeep.kind === 'cut') this.cut(upkeep.reason);
    else if (upkeep.kind === 'heartbeat') this.beat();
  }

  close(code: number, reason: string): void {
    this.endReplay();
    this.socket.close(code, reason);
  }

  /** For a peer that does what it should not: it is told, in the closing handshake. */
  expel(code: number, text: string, reason: CutReason): void {
    this.close(code, text);
    this.onCut(reason);
  }

  /** Without a closing handshake: it would wait behind what the peer does not read. */
  cut(reason: CutReason): void {
    this.drop();
    this.onCut(reason);
  }

  drop(): void {
    this.endReplay();
    this.socket.terminate();
  }

  private beat(): void {
    this.heartbeatAt += this.limits.heartbeatMs;
    this.awaitsPong = true;
    this.socket.ping();
    this.send(HEARTBEAT);
  }

  private noteProgress(now: number): void {
    const { bytesWritten, writableLength } = this.visitor.connection;
    const taken = bytesWritten - writableLength;
    if (writableLength === 0) this.stuckSince = null;
    else if (this.stuckSince === null || taken !== this.taken) this.stuckSince = now;
    this.taken = taken;
  }
}
