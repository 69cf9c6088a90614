import { accessChanges } from './index';

/** The further kinds as version 1 was first published; `session_ended` is in compatibility.spec.ts. Never edit these. */
const FIRST_PUBLISHED = [
  {
    kind: 'user_changed',
    user_id: 'c3a1c9de-0b7f-4f6e-9d62-2a64d1f0a0aa',
    is_active: false,
    tokens_not_before: '2026-11-21T10:00:00.000Z',
    at: '2026-11-21T10:00:00.123Z',
  },
  {
    kind: 'tenant_changed',
    tenant_id: '5c8f2a1e-1d9b-4a0c-8c75-9e6f0d4b3a22',
    plan: 'pro',
    rate_limit_rps: 100,
    ws_limit: 50,
    is_active: true,
    at: '2026-11-21T10:00:00.123Z',
  },
];

const schema = accessChanges.versions[1]!;

describe.each(FIRST_PUBLISHED.map((event) => [event.kind, event] as const))('access_changes of kind %s', (_, first) => {
  it('is read as the first producer wrote it', () => {
    expect(schema.parse(first)).toEqual(first);
  });

  it.each(Object.keys(first))('is refused without %s', (member) => {
    const { [member]: _left, ...rest } = first as Record<string, unknown>;
    expect(schema.safeParse(rest).success).toBe(false);
  });

  it('is keyed by whom it is about', () => {
    expect(accessChanges.key(schema.parse(first))).toBe(first.user_id ?? first.tenant_id);
  });
});

describe('access_changes', () => {
  it('refuses a kind that nobody knows', () => {
    expect(schema.safeParse({ ...FIRST_PUBLISHED[0], kind: 'planet_changed' }).success).toBe(false);
  });
});
