import { Injectable } from '@nestjs/common';
import { ClientRegistry } from '../sockets/client-registry';
import type { SocketClient } from '../sockets/socket-client';
import type { PriceMessage } from './price-message';

/** Hands price changes to every socket that wants them. */
@Injectable()
export class Broadcaster {
  constructor(private readonly clients: ClientRegistry) {}

  /**
   * One write a socket, however many messages. Sockets without filters, which most are, share the bytes; a socket that is
   * catching up reads the messages from the backlog, in their place.
   */
  broadcast(messages: readonly PriceMessage[]): void {
    const everything = framesOf(messages);
    for (const client of this.clients.all()) {
      if (client.isReplaying) continue;
      if (client.wantsEverything) client.write(everything);
      else this.sendWanted(client, messages);
    }
  }

  private sendWanted(client: SocketClient, messages: readonly PriceMessage[]): void {
    const wanted = messages.filter(({ subject }) => client.wants(subject));
    if (wanted.length > 0) client.write(framesOf(wanted));
  }
}

function framesOf(messages: readonly PriceMessage[]): Buffer {
  const [first, ...more] = messages;
  return first !== undefined && more.length === 0 ? first.frame : Buffer.concat(messages.map(({ frame }) => frame));
}
