import type { AccessClaims } from '@gpubroker/contracts/auth';
import { LocalSeats } from '../src/seats/local.seats';
import { MemoryTicketStore } from '../src/tickets/memory.ticket-store';
import { seatsConformance } from './seats.conformance';
import { ticketConformance } from './tickets.conformance';

describe('seats in one process', () => {
  seatsConformance(() => new LocalSeats());
});

describe('tickets in one process', () => {
  ticketConformance(() => new MemoryTicketStore());

  it('are worth nothing after thirty seconds', async () => {
    let now = 0;
    const store = new MemoryTicketStore(() => now);
    const holder = { claims: {} as AccessClaims, wsLimit: 5 };
    await store.put('late', holder);
    await store.put('in time', holder);
    now = 29_999;
    expect(await store.take('in time')).toBe(holder);
    now = 30_000;
    expect(await store.take('late')).toBeNull();
  });
});
