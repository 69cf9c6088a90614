import { createServer } from 'node:net';

/**
 * Ports of the loopback that nobody listens on right now. All are held open until the last one is known, so that no
 * two are the same; another process could still take one before the server does, which then says so and exits.
 * @param {number} count
 * @returns {Promise<number[]>}
 */
export async function freePorts(count) {
  const holders = await Promise.all(Array.from({ length: count }, holdPort));
  const ports = holders.map((holder) => holder.address().port);
  await Promise.all(holders.map((holder) => new Promise((closed) => holder.close(closed))));
  return ports;
}

function holdPort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve(server));
  });
}
