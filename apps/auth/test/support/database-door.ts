import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** A way to a real PostgreSQL that can be shut: what then knocks is refused, what was inside is thrown out. */
export interface DatabaseDoor {
  readonly url: string;
  open(): Promise<void>;
  shut(): Promise<void>;
}

/** @param url of the database behind it; the door is shut at first */
export async function databaseDoor(url: string): Promise<DatabaseDoor> {
  const port = await freePort();
  const behind = new URL(url);
  const inFront = new URL(url);
  inFront.hostname = '127.0.0.1';
  inFront.port = String(port);
  const sockets = new Set<Socket>();
  let server: Server | null = null;
  return {
    url: inFront.href,
    open: async () => {
      if (server) return;
      server = createServer((client) => {
        const inner = connect(Number(behind.port), behind.hostname.replace(/^\[|\]$/g, ''));
        for (const [socket, other] of [
          [client, inner],
          [inner, client],
        ] as const) {
          sockets.add(socket);
          socket.pipe(other);
          socket.on('error', () => undefined);
          socket.on('close', () => {
            sockets.delete(socket);
            other.destroy();
          });
        }
      }).listen(port, '127.0.0.1');
      await once(server, 'listening');
    },
    shut: async () => {
      const closed = server && once(server, 'close');
      server?.close();
      for (const socket of sockets) socket.destroy();
      await closed;
      server = null;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
