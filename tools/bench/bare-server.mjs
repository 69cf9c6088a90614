/** The fastest answer Fastify gives: the same bytes, nothing else; a process of its own, as the gateway is one. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import Fastify from 'fastify';

/** @param {{ body: string, type: string }} answer */
export async function startBareServer(answer) {
  const child = fork(fileURLToPath(import.meta.url), ['serve']);
  child.send(answer);
  const [url] = await once(child, 'message');
  return {
    url,
    stop: async () => {
      child.kill();
      await once(child, 'exit');
    },
  };
}

async function serve({ body, type }) {
  const bytes = Buffer.from(body);
  const server = Fastify();
  server.get('/', (_request, reply) => reply.header('content-type', type).send(bytes));
  process.send(await server.listen({ port: 0, host: '127.0.0.1' }));
}

if (process.argv[2] === 'serve' && process.send) process.once('message', (answer) => void serve(answer));
