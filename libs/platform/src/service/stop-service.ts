import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { HealthRegistry } from '../health/health.registry';

/** No request for this long: the clients that were busy have been told to leave, and have. */
const QUIET_MS = 100;
const LEAVE_WITHIN_MS = 1_000;
/** What the application gets for its own clean-up after its last connection was cut. */
const CLEAN_UP_MS = 4_000;

/**
 * Order matters: readiness first, so that nothing new is sent here; then a moment in which busy keep-alive clients are
 * answered and told to leave; `app.close()` stops pollers and consumers, lets running requests end, and only then closes the
 * pools they use. Connections that outlive the grace are cut.
 * @returns stop, which rejects when the application does not end even then; a second call waits for the first
 */
export function stopOnce(app: NestFastifyApplication, health: HealthRegistry, graceMs: number): () => Promise<void> {
  let stopping: Promise<void> | undefined;
  const cutSilent = trackSilentSockets(app.getHttpServer());
  const stop = async () => {
    const server = app.getHttpServer();
    const giveUp = new AbortController();
    const cut = setTimeout(() => {
      server.closeAllConnections();
    }, graceMs);
    try {
      health.startDraining();
      await letClientsLeave(server, Math.min(LEAVE_WITHIN_MS, graceMs));
      // Not before: a new connection's first request may be on its way still, and would be reset.
      cutSilent();
      await Promise.race([app.close(), failAfter(graceMs + CLEAN_UP_MS, giveUp.signal)]);
    } finally {
      clearTimeout(cut);
      giveUp.abort();
    }
  };
  return () => (stopping ??= stop());
}

/** Closing a connection between two requests of a busy client resets the one that is on its way. */
async function letClientsLeave(server: Server, withinMs: number): Promise<void> {
  const begun = performance.now();
  let lastRequestAt = begun;
  const note = () => (lastRequestAt = performance.now());
  server.on('request', note);
  while ((await openConnections(server)) > 0) {
    const now = performance.now();
    if (now - lastRequestAt > QUIET_MS || now - begun > withinMs) break;
    await delay(10);
  }
  server.off('request', note);
}

const openConnections = (server: Server) =>
  new Promise<number>((resolve) => {
    server.getConnections((error, count) => {
      resolve(error ? 0 : count);
    });
  });

async function failAfter(ms: number, signal: AbortSignal): Promise<void> {
  const late = await delay(ms, true, { signal, ref: false }).catch(() => false);
  if (late) throw new Error(`the service did not stop within ${ms} ms`);
}

/**
 * Clients open spare connections that carry nothing yet; Node counts those as busy, and closing would wait for them.
 * @returns cuts the connections on which nothing ever came
 */
function trackSilentSockets(server: Server): () => void {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  return () => {
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
  };
}
