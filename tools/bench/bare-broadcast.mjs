/** What a price feed is measured against: `ws` alone, the same bytes to every client at the same rate, nothing behind it. */
import { randomUUID } from 'node:crypto';
import { WebSocketServer } from 'ws';

const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
server.on('listening', () => process.send({ result: { url: `http://127.0.0.1:${server.address().port}` } }));

let timer;
let sent = 0;

/** As long as the real ones, to the byte. */
const message = () =>
  JSON.stringify({
    type: 'price_update',
    data: {
      event_id: randomUUID(),
      offer_id: randomUUID(),
      provider: 'bench',
      gpu_type: 'H100-SXM',
      region: 'us-east-1',
      old_price: 2.123,
      new_price: 2.124,
      currency: 'USD',
      availability_status: 'available',
      timestamp: new Date().toISOString(),
    },
  });

function start(perSecond) {
  const began = performance.now();
  sent = 0;
  const next = () => {
    const bytes = message();
    for (const client of server.clients) client.send(bytes);
    sent += 1;
    timer = setTimeout(next, Math.max(0, began + (sent * 1_000) / perSecond - performance.now()));
  };
  next();
}

process.on('message', ({ kind, perSecond }) => {
  if (kind === 'start') start(perSecond);
  else clearTimeout(timer);
  process.send({ result: { written: sent, commitMs: 0 } });
});
process.on('disconnect', () => process.exit(0));
