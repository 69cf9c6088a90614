/** What plain `ws` does with the same bytes: the measure to compare with. Broadcasts each message that the parent sends. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';

async function serve(): Promise<void> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  process.on('message', (text: string) => {
    const stamped = text.replace('TIMESTAMP', new Date().toISOString());
    for (const client of server.clients) if (client.readyState === WebSocket.OPEN) client.send(stamped);
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.({ port: (server.address() as AddressInfo).port });
}

void serve();
