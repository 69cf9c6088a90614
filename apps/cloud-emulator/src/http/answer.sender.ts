import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Answer, Reply } from '../clouds/answer';

const CHUNK = 'x'.repeat(262_144);
/** About 25 MB a second: past any limit within a time-out, and never at an end before the reader cuts it. */
const PAUSE_MS = 10;

/** Puts answers on the wire. Answers that never end are remembered, and cut when the emulator stops. */
@Injectable()
export class AnswerSender implements OnModuleDestroy {
  private readonly open = new Set<ServerResponse>();
  private readonly stopping = new AbortController();

  async send(reply: FastifyReply, answer: Answer): Promise<void> {
    switch (answer.kind) {
      case 'reply':
        await this.reply(reply, answer);
        return;
      case 'hang':
        this.hold(reply);
        return;
      case 'endless':
        await this.stream(this.hold(reply), answer.head);
    }
  }

  /** Without the cut a held connection would keep the server from closing. */
  onModuleDestroy(): void {
    this.stopping.abort();
    for (const response of this.open) response.destroy();
  }

  private async reply(reply: FastifyReply, { status, contentType, body, delayMs }: Reply): Promise<void> {
    if (delayMs > 0) await this.pause(delayMs);
    await reply.status(status).header('content-type', contentType).send(body);
  }

  private hold(reply: FastifyReply): ServerResponse {
    reply.hijack();
    const response = reply.raw;
    this.open.add(response);
    response.once('close', () => this.open.delete(response));
    return response;
  }

  private async stream(response: ServerResponse, head: string): Promise<void> {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write(head);
    while (!response.destroyed && !this.stopping.signal.aborted) {
      // A reader that does not read is not sent more: the chunks would pile up here.
      if (response.writableLength < CHUNK.length * 4) response.write(CHUNK);
      await this.pause(PAUSE_MS);
    }
  }

  private async pause(ms: number): Promise<void> {
    await sleep(ms, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }
}
