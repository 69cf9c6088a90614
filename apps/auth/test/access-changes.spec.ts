import { accessChanges, auditEvents, type AccessChange } from '@gpubroker/contracts/events';
import { newEvent } from '@gpubroker/events/outbox';
import { openEventLog, type EventLog } from '@gpubroker/platform/events';
import { eventually } from '@gpubroker/testing/eventually';
import { decodeJwt } from 'jose';
import { randomUUID } from 'node:crypto';
import { startAuth, type RunningAuth } from './support/running-auth';

describe('events of auth', () => {
  let auth: RunningAuth;
  let log: EventLog;
  const heard: AccessChange[] = [];

  beforeAll(async () => {
    auth = await startAuth();
    const { url } = auth.database;
    log = openEventLog('test', { kafkaBrokers: [], databaseUrl: url, databaseDirectUrl: url }, {});
    await log.transport.subscribe({
      kind: 'fanout',
      group: 'test',
      from: 'earliest',
      handlers: {
        [accessChanges.topic]: {
          kind: 'each',
          handle: ({ payload }) => {
            heard.push(payload as AccessChange);
            return Promise.resolve();
          },
        },
      },
    });
  });
  afterAll(async () => {
    await log.close();
    await auth.stop();
  });

  const ended = (sid: unknown) =>
    eventually(
      () => Promise.resolve(heard.filter((change) => change.kind === 'session_ended' && change.session_id === sid)),
      ({ length }) => length > 0,
    );

  it('tell of a session that was logged out', async () => {
    const { access_token } = await auth.signedIn('out@example.org');
    await auth.post('/api/v2/auth/logout', undefined, access_token);
    const { sid, uid } = decodeJwt(access_token);
    expect((await ended(sid))[0]).toMatchObject({ kind: 'session_ended', user_id: uid });
  });

  it('tell of a session whose refresh token came a second time', async () => {
    const { access_token, refresh_token } = await auth.signedIn('reuse@example.org');
    await auth.post('/api/v2/auth/refresh', { refresh_token });
    await auth.post('/api/v2/auth/refresh', { refresh_token });
    expect(await ended(decodeJwt(access_token).sid)).not.toEqual([]);
  });

  it('leave nothing in the outbox', async () => {
    await eventually(
      () => auth.sql('SELECT 1 FROM auth.outbox'),
      (rows) => rows.length === 0,
    );
  });

  describe('an audit entry of another service', () => {
    const entries = (resource: string) =>
      auth.sql<{ user_id: string; details: unknown; current_hash: string; created_at: Date }>(
        'SELECT * FROM audit_logs WHERE resource_id = $1',
        [resource],
      );
    const publish = async (payload: object, times = 1) => {
      const event = newEvent(auditEvents, payload as never);
      for (let time = 0; time < times; time += 1)
        await log.transport.publish([
          {
            topic: event.topic,
            key: event.key,
            value: JSON.stringify(payload),
            headers: { ...event.headers, 'event-id': event.id },
          },
        ]);
    };
    const at = '2026-11-21T10:00:00.123Z';

    it('enters the chain once, however often it is delivered', async () => {
      const { access_token } = await auth.signedIn('actor@example.org');
      const { uid, tenant_id } = decodeJwt(access_token);
      const resource = randomUUID();
      const payload = { user_id: uid, tenant_id, action: 'offer.hidden', resource_type: 'offer', at };
      await publish({ ...payload, resource_id: resource, details: { why: 'odd' }, ip: '192.0.2.1' }, 3);
      await publish({ ...payload, resource_id: `${resource}-after` });
      await eventually(
        () => entries(`${resource}-after`),
        ({ length }) => length > 0,
      );
      const found = await entries(resource);
      expect(found).toEqual([
        expect.objectContaining({ user_id: uid, tenant_id, details: { why: 'odd' }, ip_address: '192.0.2.1' }),
      ]);
      expect(found[0]?.created_at.toISOString()).toBe(at);
      expect(await auth.sql('SELECT 1 FROM auth.audit_chain WHERE hash = $1', [found[0]?.current_hash])).toHaveLength(
        1,
      );
    });

    it('of an actor whom nobody knows belongs to the system, and names him', async () => {
      const [resource, stranger] = [randomUUID(), randomUUID()];
      await publish({
        user_id: stranger,
        tenant_id: null,
        action: 'sync.held',
        resource_type: 'provider',
        resource_id: resource,
        at,
      });
      const [entry] = await eventually(
        () => entries(resource),
        ({ length }) => length > 0,
      );
      expect(entry?.user_id).toMatch(/^0{8}-/);
      expect(entry?.details).toEqual({ unknown_user_id: stranger });
    });
  });
});
