import { randomUUID } from 'node:crypto';
import { auditEvents, type AuditEvent } from '@gpubroker/contracts/events';
import { eventually } from '@gpubroker/testing/eventually';
import {
  INTEGRATIONS,
  startIntegrations,
  type Person,
  type Problem,
  type RunningIntegrations,
} from './support/running-integrations';

const GOOD = 'good-key-of-lambda-1';
const OTHER = 'good-key-of-lambda-2';

interface ApiDocument {
  readonly paths: Record<
    string,
    Record<string, { operationId: string; security?: unknown[]; responses: Record<string, unknown> }>
  >;
}

describe("a tenant's keys of clouds", () => {
  let running: RunningIntegrations;
  let owner: Person;

  beforeAll(async () => {
    running = await startIntegrations();
    running.cloud.good.add(GOOD).add(OTHER);
  });

  afterAll(() => running.stop());

  beforeEach(async () => {
    running.cloud.mode = 'ok';
    owner = await running.person();
  });

  describe('reading', () => {
    it('lists every supported cloud, with what its key consists of', async () => {
      const items = await owner.list();
      expect(items.map(({ provider }) => provider)).toEqual(
        expect.arrayContaining([
          'vastai',
          'runpod',
          'vultr',
          'azure',
          'oci',
          'verda',
          'lambda',
          'tensordock',
          'shadeform',
        ]),
      );
      expect(items.find(({ provider }) => provider === 'verda')).toEqual({
        provider: 'verda',
        provider_name: expect.any(String),
        credential_fields: ['client_id', 'client_secret'],
        status: 'not_configured',
        message: 'No key is set',
        last_checked: null,
      });
    });

    it('counts what it lists', async () => {
      const member = await running.person({ roles: ['user'] });
      expect((await member.list()).length).toBeGreaterThanOrEqual(15);
    });

    it.each(['GET', 'POST'])('wants a token for %s', async (method) => {
      const { status, body } = await running.ask<Problem>(method, INTEGRATIONS, method === 'POST' ? {} : undefined);
      expect([status, body.error.code]).toEqual([401, 'UNAUTHENTICATED']);
    });

    it('leaves the public list public', async () => {
      expect((await running.ask('GET', '/api/v2/providers')).status).toBe(200);
    });
  });

  describe('setting', () => {
    it('keeps a key that the cloud accepts, and says so', async () => {
      const { status, body } = await owner.set('lambda', { api_key: GOOD });
      expect([status, body.status, body.message]).toEqual([201, 'ok', 'Lambda Cloud accepts the key']);
      expect(await owner.statusOf('lambda')).toEqual(body);
      expect(Date.now() - Date.parse(body.last_checked ?? '')).toBeLessThan(60_000);
    });

    it('replaces an earlier key', async () => {
      await owner.set('lambda', { api_key: GOOD });
      const { status } = await owner.set('lambda', { api_key: OTHER });
      expect(status).toBe(200);
      expect(await rowsOf(owner)).toHaveLength(1);
    });

    it('keeps nothing of a key that the cloud refuses, and leaves the earlier one', async () => {
      await owner.set('lambda', { api_key: GOOD });
      const before = await rowsOf(owner);
      const { status, body } = await owner.set('lambda', { api_key: 'refused-key' });
      expect([status, body.error.code, body.error.details?.[0]?.field]).toEqual([
        422,
        'VALIDATION_ERROR',
        'credentials',
      ]);
      expect(await rowsOf(owner)).toEqual(before);
    });

    it.each(['tenant_admin', 'admin'])('is open to the role %s', async (role) => {
      const person = await running.person({ roles: [role] });
      expect((await person.set('lambda', { api_key: GOOD })).status).toBe(201);
    });

    it('is closed to other roles, removing too', async () => {
      const member = await running.person({ roles: ['user'], tenant_id: owner.tenantId });
      await owner.set('lambda', { api_key: GOOD });
      expect((await member.set('lambda', { api_key: OTHER })).status).toBe(403);
      expect((await member.remove('lambda')).status).toBe(403);
      expect((await member.statusOf('lambda')).status).toBe('ok');
    });

    it.each<[string, string, unknown, string]>([
      ['a cloud that nobody knows', 'nebula', { api_key: GOOD }, 'provider'],
      ['no member', 'lambda', {}, 'credentials.api_key'],
      ['an empty member', 'lambda', { api_key: '' }, 'credentials.api_key'],
      ['a member that is no text', 'lambda', { api_key: 7 }, 'credentials.api_key'],
      ['a line break in a key', 'lambda', { api_key: `${GOOD}\n` }, 'credentials.api_key'],
      ['one member too many', 'lambda', { api_key: GOOD, region: 'eu' }, 'credentials'],
      ['one of two members', 'verda', { client_id: 'me' }, 'credentials.client_secret'],
      ['credentials that are a list', 'lambda', ['x'], 'credentials'],
      ['credentials that are a text', 'lambda', GOOD, 'credentials'],
    ])('refuses %s', async (_case, provider, credentials, field) => {
      const asked = running.cloud.seen.length;
      const { status, body } = await owner.set(provider, credentials as Record<string, unknown>);
      expect([status, body.error.code]).toEqual([422, 'VALIDATION_ERROR']);
      expect(body.error.details?.map((detail) => detail.field)).toContain(field);
      expect(running.cloud.seen.length).toBe(asked);
    });

    it.each(['tenant_id', 'status', 'id', 'role'])('takes no member %s in the body', async (name) => {
      const { status } = await owner.post({ provider: 'lambda', credentials: { api_key: GOOD }, [name]: randomUUID() });
      expect(status).toBe(422);
    });
  });

  describe('a cloud that cannot be asked', () => {
    it.each(['error', 'hang', 'reset'] as const)(
      'leaves the key unverified when it answers with %s, and the key is verified later',
      async (mode) => {
        running.cloud.mode = mode;
        const { status, body } = await owner.set('lambda', { api_key: GOOD });
        expect([status, body.status]).toEqual([201, 'unverified']);
        running.cloud.mode = 'ok';
        const later = await eventually(
          () => owner.statusOf('lambda'),
          (item) => item.status !== 'unverified',
        );
        expect(later.status).toBe('ok');
      },
    );

    it('finds out later that the key is no good', async () => {
      running.cloud.mode = 'error';
      await owner.set('lambda', { api_key: 'bad-key-kept-meanwhile' });
      running.cloud.mode = 'ok';
      const later = await eventually(
        () => owner.statusOf('lambda'),
        (item) => item.status !== 'unverified',
      );
      expect([later.status, later.message]).toEqual(['invalid', 'Lambda Cloud refuses the key; set another one']);
    });

    it('is looked at again even when nothing of it runs here', async () => {
      const { status, body } = await owner.set('hyperstack', { api_key: 'some-key' });
      expect([status, body.status]).toEqual([201, 'unverified']);
    });

    it('changes nothing about a key that was accepted', async () => {
      await owner.set('lambda', { api_key: GOOD });
      running.cloud.mode = 'error';
      await running.sql('UPDATE providers.integrations SET next_check_at = now() WHERE tenant_id = $1', [
        owner.tenantId,
      ]);
      await eventually(
        () => rowsOf(owner),
        ([row]) => row?.failed_checks === 1,
      );
      expect((await owner.statusOf('lambda')).status).toBe('ok');
    });
  });

  describe('looking at keys again', () => {
    it('notices that a cloud no longer takes one', async () => {
      const key = 'withdrawn-key';
      running.cloud.good.add(key);
      await owner.set('lambda', { api_key: key });
      running.cloud.good.delete(key);
      await running.sql('UPDATE providers.integrations SET next_check_at = now() WHERE tenant_id = $1', [
        owner.tenantId,
      ]);
      const later = await eventually(
        () => owner.statusOf('lambda'),
        ({ status }) => status !== 'ok',
      );
      expect(later.status).toBe('invalid');
    });

    it('seals each anew', async () => {
      await owner.set('lambda', { api_key: GOOD });
      const [before] = await rowsOf(owner);
      await running.sql('UPDATE providers.integrations SET next_check_at = now() WHERE tenant_id = $1', [
        owner.tenantId,
      ]);
      const [after] = await eventually(
        () => rowsOf(owner),
        ([row]) => row?.sealed !== before?.sealed,
      );
      expect(after?.revision).toBe(before?.revision);
    });

    it('says of one that cannot be opened that it must be set again', async () => {
      await owner.set('lambda', { api_key: GOOD });
      await running.sql(
        `UPDATE providers.integrations SET sealed = 'gpb1.AAAAAAAA.AAAA', next_check_at = now() WHERE tenant_id = $1`,
        [owner.tenantId],
      );
      const later = await eventually(
        () => owner.statusOf('lambda'),
        ({ status }) => status !== 'ok',
      );
      expect([later.status, later.message]).toEqual(['invalid', 'The stored key can no longer be read; set it again']);
    });
  });

  describe('removing', () => {
    it('takes the key away, once', async () => {
      await owner.set('lambda', { api_key: GOOD });
      const { status, body } = await owner.remove('lambda');
      expect([status, body.status, body.last_checked]).toEqual([200, 'not_configured', null]);
      expect(await rowsOf(owner)).toEqual([]);
      expect((await owner.remove('lambda')).status).toBe(404);
    });

    it.each(['nebula', 'lambda', '..%2fproviders'])('answers 404 for %s when there is none', async (provider) => {
      const { status, body } = await owner.remove(provider);
      expect([status, body.error.code]).toEqual([404, 'NOT_FOUND']);
    });
  });

  describe('the audit', () => {
    it('hears of every write, in its order, and of nothing else', async () => {
      await owner.set('lambda', { api_key: GOOD });
      await owner.set('lambda', { api_key: OTHER });
      await owner.set('lambda', { api_key: 'refused-key' });
      await owner.remove('lambda');
      await owner.remove('lambda');
      const events = await eventually(
        () => auditOf(owner),
        (all) => all.length >= 3,
      );
      expect(events.map(({ action, details }) => [action, details])).toEqual([
        ['integration.created', { status: 'ok' }],
        ['integration.replaced', { status: 'ok' }],
        ['integration.removed', {}],
      ]);
      expect(events[0]).toMatchObject({
        user_id: owner.userId,
        tenant_id: owner.tenantId,
        resource_type: 'integration',
        resource_id: 'lambda',
        ip: '127.0.0.1',
      });
    });

    it('hears of what a later look at the key changed, done by nobody', async () => {
      running.cloud.mode = 'error';
      await owner.set('lambda', { api_key: GOOD });
      running.cloud.mode = 'ok';
      const events = await eventually(
        () => auditOf(owner),
        (all) => all.length >= 2,
      );
      expect(events[1]).toMatchObject({ action: 'integration.checked', user_id: null, details: { status: 'ok' } });
    });
  });

  it('says in the API document what each operation wants and every way it can end', async () => {
    const { body } = await running.ask<ApiDocument>('GET', '/openapi.json');
    const at = (path: string, method: string) => body.paths[path]?.[method];
    const operations = [
      at(INTEGRATIONS, 'get'),
      at(INTEGRATIONS, 'post'),
      at(`${INTEGRATIONS}/{provider}`, 'delete'),
    ].map((operation) => [
      operation?.operationId,
      operation?.security,
      Object.keys(operation?.responses ?? {}).map(Number),
    ]);
    expect(operations).toEqual([
      ['listIntegrations', [{ bearer: [] }], [200, 401, 503]],
      ['storeIntegration', [{ bearer: [] }], [200, 201, 400, 401, 403, 413, 415, 422, 503]],
      ['removeIntegration', [{ bearer: [] }], [200, 401, 403, 404, 422, 503]],
    ]);
    expect(at('/api/v2/providers', 'get')?.security).toBeUndefined();
  });

  it('shows the circuit round tenants’ calls in the metrics', async () => {
    await owner.set('lambda', { api_key: GOOD });
    const response = await fetch(`${running.service.url}/metrics`);
    expect(await response.text()).toMatch(/gpubroker_breaker_state\{name="tenant-keys:lambda"[^}]*\} 0/);
  });

  const rowsOf = ({ tenantId }: Person) =>
    running.sql<{ sealed: string; revision: string; failed_checks: number }>(
      'SELECT sealed, revision, failed_checks FROM providers.integrations WHERE tenant_id = $1',
      [tenantId],
    );

  async function auditOf({ tenantId }: Person): Promise<AuditEvent[]> {
    const rows = await running.sql<{ value: string }>(
      `SELECT value FROM events.event_log WHERE topic = 'audit_events' AND key = $1 ORDER BY "offset"`,
      [tenantId],
    );
    return rows.map(({ value }) => auditEvents.versions[1]!.parse(JSON.parse(value)));
  }
});

it('without a database every operation says so', async () => {
  const running = await startIntegrations({ DATABASE_URL: 'postgres://nobody@127.0.0.1:9/none' });
  running.cloud.good.add(GOOD);
  const person = await running.person();
  const list = await running.ask<Problem>('GET', INTEGRATIONS, undefined, person.token);
  const answers = [list, await person.set('lambda', { api_key: GOOD }), await person.remove('lambda')];
  await running.stop();
  expect(answers.map(({ status, body }) => [status, body.error.code])).toEqual(
    Array.from({ length: 3 }, () => [503, 'DB_UNAVAILABLE']),
  );
});
