import { refusalOf, type Admission } from './admission';

const asked: Admission = {
  ready: true,
  clients: 9,
  maxClients: 10,
  origin: undefined,
  host: 'broker.example:8080',
  allowedOrigins: ['https://app.example'],
};

it.each<[string, Partial<Admission>, string | null]>([
  ['no browser', {}, null],
  ['a page that is allowed', { origin: 'https://app.example' }, null],
  ['a page of this very door', { origin: 'http://BROKER.example:8080' }, null],
  ['a page of another port', { origin: 'http://broker.example:9090' }, 'FORBIDDEN'],
  ['a page of nowhere', { origin: 'null' }, 'FORBIDDEN'],
  ['any page where none is named', { origin: 'https://other.example', allowedOrigins: [] }, null],
  ['anybody when all sockets are taken', { clients: 10 }, 'SERVICE_UNAVAILABLE'],
  ['anybody before the feed is there', { ready: false }, 'SERVICE_UNAVAILABLE'],
])('%s', (_who, change, code) => {
  expect(refusalOf({ ...asked, ...change })?.code ?? null).toBe(code);
});
