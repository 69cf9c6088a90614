import { Script } from 'node:vm';
import { PriceFeed } from './price-feed';

let feed: PriceFeed;
let url: string;

beforeAll(async () => {
  feed = await PriceFeed.open();
  ({ url } = await feed.start());
});

afterAll(() => feed.close());

const get = async (path: string) => {
  const answer = await fetch(`${url}${path}`);
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};

describe('the live page', () => {
  it('is HTML that may run its own script and nothing else', async () => {
    const { status, headers, text } = await get('/api/v2/live');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(headers.get('content-security-policy')).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(text).not.toMatch(/<style|<script>| on[a-z]+="| style="/);
  });

  it('is there with a slash at the end, as are the files it names', async () => {
    const { text } = await get('/api/v2/live/');
    const files = [...text.matchAll(/(?:href|src)="(\/api\/v2\/live\/[^"]+)"/g)].map(([, path]) => path);
    expect(files).toEqual(['/api/v2/live/live.css', '/api/v2/live/live.js']);
    for (const path of files) expect(await get(path!)).toMatchObject({ status: 200 });
  });

  it('has a script that parses, and every element that it asks for', async () => {
    const script = await get('/api/v2/live/live.js');
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(() => new Script(script.text)).not.toThrow();
    const page = (await get('/api/v2/live')).text;
    const asked = new Set([...script.text.matchAll(/\bat\('([a-z]+)'\)/g)].map(([, id]) => id));
    expect([...asked].filter((id) => !page.includes(`id="${String(id)}"`))).toEqual([]);
  });
});
