import { connect } from 'node:net';
import type { ErrorEnvelopeDto } from '@gpubroker/contracts/errors';
import type { ProviderItemDto, ProviderListDto } from '@gpubroker/contracts/offers';
import fc from 'fast-check';
import { CLOUDS, startProduct, type Product } from './support/product';

const TEXTS = ['gpu_type', 'gpu', 'region', 'provider', 'q'];
const CHOICES = ['availability', 'pricing', 'compliance_tag', 'compliance_tags', 'sort', 'per_page', 'page', 'version'];
const NUMBERS = ['price_min', 'max_price', 'gpu_memory_min', 'gpu_memory_max', 'gpu_memory_gb', 'gpu_count'];

const HOSTILE = [
  "'",
  '"',
  "' OR '1'='1",
  "'; DROP TABLE gpu_offers; --",
  '%',
  '_',
  '%%',
  '____',
  '\\',
  '\\%',
  '\u0000',
  'h100\u0000',
  'x'.repeat(5_000),
  '%'.repeat(101),
  'NaN',
  'Infinity',
  '-Infinity',
  '1e999',
  '-1',
  '0x10',
  '٣',
  '1,000',
  'null',
  'undefined',
  '[object Object]',
  '${jndi:ldap://127.0.0.1/a}',
  '<script>alert(1)</script>',
  '../../../etc/passwd',
  '\ud800',
  '\u202e\u200b',
  '🙂'.repeat(60),
  '(((((((((',
  '&|!<->',
  '.*',
];

describe('a caller who means harm', () => {
  let product: Product;
  let rows: ProviderItemDto[];
  let version: string;
  let failures: string[];

  beforeAll(async () => {
    product = await startProduct();
    await product.untilFilled();
    for (const provider of CLOUDS) await product.emulator('__market', { provider, action: 'freeze' });
    version = (await product.list()).meta.version;
    rows = await product.everyOffer(version);
    failures = await failuresOf(product);
  });

  afterAll(() => product.stop());

  it.each(['gpu_type', 'gpu', 'region', 'provider'])(
    'gets what hostile text in %s names and no more, or hears what is wrong',
    async (name) => {
      for (const value of HOSTILE) {
        const answer = await ask(
          product,
          new URLSearchParams([
            [name, value],
            ['version', version],
          ]),
        );
        if (answer.status === 200)
          expect({ value, total: totalOf(answer) }).toEqual({ value, total: named(rows, name, value) });
        else expectRefusal(answer, [value]);
      }
    },
  );

  it('never finds everything by searching for hostile text', async () => {
    for (const value of HOSTILE) {
      const answer = await ask(
        product,
        new URLSearchParams([
          ['q', value],
          ['version', version],
        ]),
      );
      if (answer.status === 200) expect({ value, all: totalOf(answer) === rows.length }).toEqual({ value, all: false });
      else expectRefusal(answer, [value]);
    }
  });

  it.each([...CHOICES, ...NUMBERS])('hears what is wrong with hostile values in %s', async (name) => {
    for (const value of HOSTILE) expectRefusal(await ask(product, new URLSearchParams([[name, value]])), [value]);
  });

  it.each([...TEXTS, ...NUMBERS, 'availability', 'pricing', 'sort', 'page', 'per_page', 'version'])(
    'hears that %s may be given once',
    async (name) => {
      expectRefusal(await ask(product, `${name}=1&${name}=2`), [name]);
      for (const member of [`${name}[]`, `${name}[$ne]`, `${name}.x`])
        expect((await ask(product, `${encodeURIComponent(member)}=1`)).status).toBeLessThan(500);
    },
  );

  it('gets exactly what a random text names, whatever it holds', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 120 }),
      fc.string({ unit: 'grapheme', maxLength: 20 }),
      fc.string({ unit: fc.constantFrom('%', '_', "'", '\\', '"', '-', '*', ' ', 'h', '1', '0'), maxLength: 8 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('gpu_type', 'provider', 'region'), text, async (name, value) => {
        const answer = await ask(
          product,
          new URLSearchParams([
            [name, value],
            ['version', version],
          ]),
        );
        if (answer.status !== 200) {
          expectRefusal(answer, [name, value]);
          return;
        }
        expect(totalOf(answer)).toBe(named(rows, name, value));
      }),
      { numRuns: 300 },
    );
  });

  it('never breaks the text search, whatever is searched for', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 110 }), async (value) => {
        expect((await ask(product, new URLSearchParams([['q', value]]))).status).toBeLessThan(500);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['NUL', '/api/v2/providers/%00'],
    ['a byte that is no text', '/api/v2/providers/%ff'],
    ['a broken escape', '/api/v2/providers/%zz'],
    ['SQL', "/api/v2/providers/'%20OR%201=1--"],
    ['5,000 characters', `/api/v2/providers/${'x'.repeat(5_000)}`],
    ['an escaped way up', '/api/v2/providers/..%2f..%2fmetrics'],
    ['an escaped way out', '/api/v2/providers/%2e%2e/%2e%2e/__mode'],
    ["the emulator's door", '/__mode'],
    ["the emulator's market", '/api/v2/__market'],
    ['an empty first part', '//api/v2/providers'],
  ])('is refused at a path with %s', async (_what, path) => {
    const answer = await rawRequest(product, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expectRefusal({ status: Number(answer.slice(9, 12)), body: JSON.parse(answer.slice(answer.indexOf('\r\n\r\n'))) }, [
      path,
    ]);
  });

  it.each([
    ['a body of one megabyte', 'x'.repeat(1_048_576)],
    ['a body of nine megabytes', 'x'.repeat(9 * 1_048_576)],
    ['JSON 100,000 arrays deep', '['.repeat(100_000)],
    ['JSON 50,000 objects deep', '{"a":'.repeat(50_000)],
    ['a member called __proto__', '{"__proto__":{"admin":true}}'],
    ['a NUL in a text', '{"provider":"\\u0000"}'],
    ['a number beyond all numbers', '{"price":1e999}'],
  ])('gets no further with %s', async (_what, body) => {
    for (const path of ['/api/v2/providers', '/api/v2/providers/list', '/api/v2/nothing'])
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        const sent = await fetch(new URL(path, product.standalone.gatewayUrl), {
          method,
          body,
          headers: { 'content-type': 'application/json' },
        });
        const answer = { status: sent.status, body: await sent.json() };
        expectRefusal(answer, [method, path]);
      }
  });

  it.each([
    ['no HTTP at all', 'GARBAGE\r\n\r\n'],
    ['a header line of 100,000 characters', `GET / HTTP/1.1\r\nHost: x\r\nX-A: ${'a'.repeat(100_000)}\r\n\r\n`],
    ['an address of 100,000 characters', `GET /api/v2/providers?q=${'a'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`],
    ['two lengths', 'POST /api/v2/providers HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
    [
      'a length beside chunks',
      'POST /api/v2/providers HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['an unknown method', 'BREW /api/v2/providers HTTP/1.1\r\nHost: x\r\n\r\n'],
  ])('is refused with %s', async (_what, request) => {
    expect(await rawRequest(product, request)).toMatch(/^HTTP\/1\.1 4\d\d /);
  });

  it('leaves the product as it was', async () => {
    expect(await product.everyOffer(version)).toHaveLength(rows.length);
    expect((await product.get('/health')).status).toBe(200);
    expect(await failuresOf(product)).toEqual(failures);
  });
});

/** Answers that were the product's own fault, as the service and the gateway counted them. */
async function failuresOf(product: Product): Promise<string[]> {
  const texts = await Promise.all(['providers', 'api-gateway'].map((service) => product.metrics(service)));
  return texts.flatMap((text) => text.match(/^error_count\{.*status="5\d\d".*$/gm) ?? []);
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function ask(product: Product, query: URLSearchParams | string): Promise<Answer> {
  const response = await product.get(`/api/v2/providers?${query.toString()}`);
  return { status: response.status, body: await response.json() };
}

/** A refusal is the caller's fault, in the shape that every error has. */
function expectRefusal({ status, body }: Answer, about: readonly string[]): void {
  const said = about.map((text) => text.slice(0, 40));
  expect({ said, refused: status >= 400 && status < 500 }).toEqual({ said, refused: true });
  const { detail, error } = body as ErrorEnvelopeDto;
  expect({ said, detail: typeof detail, code: typeof error.code }).toEqual({ said, detail: 'string', code: 'string' });
  expect(error.trace_id).toMatch(/^[0-9a-f]{32}$/);
}

const totalOf = ({ body }: Answer): number => (body as ProviderListDto).total;

/** How many rows a text names, the way it arrives: half a surrogate pair does not travel as it is. */
function named(rows: readonly ProviderItemDto[], name: string, value: string): number {
  const arrived = new URLSearchParams({ value }).get('value') ?? '';
  const sent = arrived.toLowerCase();
  // An empty value counts as absent.
  if (sent === '') return rows.length;
  return rows.filter((row) => {
    if (name === 'provider') return row.provider === arrived;
    if (name === 'region') return sent.endsWith('-') ? row.region.startsWith(sent) : row.region === sent;
    return row.gpu_type.toLowerCase().includes(sent);
  }).length;
}

/** What fetch would tidy up or refuse to send. */
function rawRequest(product: Product, request: string): Promise<string> {
  const { hostname, port } = new URL(product.standalone.gatewayUrl);
  return new Promise((resolve) => {
    let answer = '';
    const done = (): void => resolve(answer);
    const socket = connect(Number(port), hostname, () => socket.write(request));
    socket.setEncoding('utf8').on('data', (text) => (answer += String(text)));
    socket.setTimeout(5_000, () => socket.destroy());
    socket.on('error', () => undefined).on('close', done);
  });
}
