import { randomUUID } from 'node:crypto';
import type { AccessClaims } from '@gpubroker/contracts/auth';
import type { TicketHolder, TicketStore } from '../src/tickets/ticket.store';

const claims: AccessClaims = {
  sub: 'ada@example.org',
  iss: 'gpubroker',
  aud: 'gpubroker-api',
  exp: 2_000_000_000,
  iat: 1_999_999_100,
  jti: 'j',
  uid: randomUUID(),
  sid: randomUUID(),
  type: 'access',
  tenant_id: randomUUID(),
  roles: ['user'],
  plan: 'free',
};

/** What every filling of TicketStore has to keep. */
export function ticketConformance(make: () => TicketStore): void {
  const holder: TicketHolder = { claims, wsLimit: 5 };

  it('gives what was put, once', async () => {
    const store = make();
    await store.put('a', holder);
    expect(await store.take('a')).toEqual(holder);
    expect(await store.take('a')).toBeNull();
  });

  it('gives it to one of fifty who ask at once', async () => {
    const store = make();
    await store.put('a', holder);
    const got = await Promise.all(Array.from({ length: 50 }, () => store.take('a')));
    expect(got.filter((one) => one !== null)).toHaveLength(1);
  });

  it('knows nothing of what was never put', async () => {
    expect(await make().take('never')).toBeNull();
  });
}
