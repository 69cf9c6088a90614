import type { AccessChange } from '@gpubroker/contracts/events';
import { TenantTermsBook, type TenantTerms } from './tenant-terms';

const TENANT = { tenant_id: 't1', plan: 'free' } as const;
const A = { authorization: 'Bearer a' };
const B = { authorization: 'Bearer b' };
const FREE = { rateLimitRps: 10, wsLimit: 5 };
const OTHER = { rateLimitRps: 3, wsLimit: 1 };
const changed: AccessChange = {
  kind: 'tenant_changed',
  tenant_id: 't1',
  plan: 'pro',
  rate_limit_rps: 77,
  ws_limit: 7,
  is_active: true,
  at: '2026-01-31T12:00:00.000Z',
};

let now: number;
let asked: unknown[];
let answer: (terms: TenantTerms | null) => void;
let fail: (error: Error) => void;
let book: TenantTermsBook;

beforeEach(() => {
  now = 1_000;
  asked = [];
  book = new TenantTermsBook({
    now: () => now,
    ask: (credentials) => {
      asked.push(credentials);
      return new Promise((resolve, reject) => {
        answer = resolve;
        fail = reject;
      });
    },
  });
});
const turn = () => new Promise((resolve) => setImmediate(resolve));

it('go by the plan until auth has said, and ask once for many requests', async () => {
  for (let at = 0; at < 10; at += 1) expect(book.of(TENANT, A)).toEqual(FREE);
  expect(asked).toEqual([A]);
  answer(OTHER);
  await turn();
  expect(book.of(TENANT, A)).toEqual(OTHER);
  expect(asked).toHaveLength(1);
});

it('are waited for by whoever can wait', async () => {
  const settled = book.settled(TENANT, A);
  answer(OTHER);
  expect(await settled).toEqual(OTHER);
});

it('follow an event at once, also against an answer that was on its way', async () => {
  book.of(TENANT, A);
  book.note(changed);
  answer(OTHER);
  await turn();
  expect(book.of(TENANT, A)).toEqual({ rateLimitRps: 77, wsLimit: 7 });
  expect(asked).toHaveLength(1);
});

it.each(['an error', 'nothing'])('stay what they were when auth says %s, and are asked for again', async (what) => {
  book.note(changed);
  now += 300_000;
  book.of(TENANT, A);
  if (what === 'nothing') answer(null);
  else fail(new Error('away'));
  await turn();
  expect(book.of(TENANT, A)).toEqual({ rateLimitRps: 77, wsLimit: 7 });
  expect(asked).toHaveLength(1);
  now += 5_000;
  book.of(TENANT, B);
  expect(asked).toEqual([A, B]);
});

it('are not touched by what concerns a user or a session', () => {
  book.note({ kind: 'session_ended', session_id: 's', user_id: 'u', at: changed.at });
  expect(book.of(TENANT, A)).toEqual(FREE);
});
