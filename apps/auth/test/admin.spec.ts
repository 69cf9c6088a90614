import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  AdminTenantDto,
  AdminTenantListDto,
  AdminUserDto,
  AdminUserListDto,
  AuditLogDto,
  AuditLogListDto,
  AuditVerificationDto,
} from '@gpubroker/contracts/auth';
import { decodeJwt } from 'jose';
import { administrator, asking, type Administrator } from './support/administrator';
import { startAuth, type Problem, type RunningAuth } from './support/running-auth';

describe('administration over HTTP', () => {
  let auth: RunningAuth;
  let root: Administrator;

  beforeAll(async () => {
    auth = await startAuth();
    root = await administrator(auth, 'root@example.org');
  });
  afterAll(() => auth.stop());

  const uidOf = (token: string): string => String(decodeJwt(token).uid);
  const tenantOf = (token: string): string => String(decodeJwt(token).tenant_id);
  const audited = async (action: string, resource: string | null): Promise<AuditLogDto[]> =>
    (
      await root.ask<AuditLogListDto>(
        'GET',
        `/admin/audit-logs?action=${action}${resource === null ? '' : `&resource_id=${resource}`}`,
      )
    ).body.items;

  const OPERATIONS: [string, string, unknown?][] = [
    ['GET', '/admin/users'],
    ['POST', '/admin/users', { email: 'x@example.org', password: 'three-blind-llamas', full_name: 'X', role: 'user' }],
    ['GET', `/admin/users/${randomUUID()}`],
    ['PATCH', `/admin/users/${randomUUID()}`, { full_name: 'X' }],
    ['POST', `/admin/users/${randomUUID()}/deactivate`],
    ['GET', '/admin/tenants'],
    ['POST', '/admin/tenants', { name: 'X' }],
    ['GET', `/admin/tenants/${randomUUID()}`],
    ['PATCH', `/admin/tenants/${randomUUID()}`, { name: 'Y' }],
    ['POST', `/admin/tenants/${randomUUID()}/deactivate`],
    ['GET', '/admin/audit-logs'],
    ['GET', '/admin/audit-logs/verify'],
    ['GET', `/admin/audit-logs/${randomUUID()}`],
  ];

  describe.each(OPERATIONS)('%s %s', (method, path, body) => {
    it('is for administrators only', async () => {
      const { access_token } = await auth.signedIn('tenant-admin@example.org');
      expect((await asking<Problem>(auth, access_token, method, path, body)).status).toBe(403);
      expect((await asking<Problem>(auth, null, method, path, body)).status).toBe(401);
    });
  });

  it.each(OPERATIONS.filter(([, path]) => /[0-9a-f]{8}-/.test(path)).map((operation) => ({ operation })))(
    '$operation is 404 for an id that nobody has, or that is none',
    async ({ operation: [method, path, body] }) => {
      expect((await root.ask(method, path, body)).status).toBe(404);
      expect((await root.ask(method, path.replace(/[0-9a-f-]{36}/, 'nobody'), body)).status).toBe(404);
    },
  );

  describe('users', () => {
    it('are listed in pages that meet each one once, sorted', async () => {
      for (const name of ['zoe', 'yan', 'xia']) await auth.register(`${name}.pages@example.org`, { full_name: name });
      const emails: string[] = [];
      for (let page = 1, total = 1; emails.length < total; page += 1) {
        const { body } = await root.ask<AdminUserListDto>('GET', `/admin/users?sort=-email&per_page=10&page=${page}`);
        emails.push(...body.items.map(({ email }) => email));
        total = body.total;
      }
      expect(emails).toEqual([...new Set(emails)].sort().reverse());
      expect(emails).toContain('zoe.pages@example.org');
      expect(emails.some((email) => email.includes('system'))).toBe(false);
    });

    it.each([
      ['q=PAGES', ['zoe.pages@example.org', 'yan.pages@example.org', 'xia.pages@example.org']],
      ['q=zoe', ['zoe.pages@example.org']],
      ['q=%25', []],
      ['role=admin', ['root@example.org']],
      ['is_active=false&q=pages', []],
      ['page=1000', []],
    ])('are found by %s', async (query, expected) => {
      const { status, body } = await root.ask<AdminUserListDto>('GET', `/admin/users?${query}`);
      expect([status, body.items.map(({ email }) => email).sort()]).toEqual([200, [...expected].sort()]);
    });

    it.each([
      'page=0',
      'page=x',
      'per_page=7',
      'sort=password',
      'role=king',
      'is_active=1',
      'q=%00',
      'unknown=1',
      'page=',
    ])('are not listed by %s', async (query) => {
      expect((await root.ask('GET', `/admin/users?${query}`)).status).toBe(422);
    });

    it('are made with a role, in a tenant that exists, and can sign in', async () => {
      const tenant_id = tenantOf(root.tokens.access_token);
      const wanted = {
        email: 'Made@example.org',
        password: 'three-blind-llamas',
        full_name: 'Made',
        role: 'user',
        tenant_id,
      };
      const { status, body } = await root.ask<AdminUserDto & Problem>('POST', '/admin/users', wanted);
      expect([status, body]).toEqual([
        201,
        expect.objectContaining({
          email: 'Made@example.org',
          role: 'user',
          tenant_id,
          is_active: true,
          last_login: null,
        }),
      ]);
      expect((await auth.login('made@example.org', wanted.password)).status).toBe(200);
      expect((await root.ask('POST', '/admin/users', { ...wanted, email: 'made@EXAMPLE.org' })).status).toBe(409);
      const [entry] = await audited('user.created', body.id);
      expect(entry).toMatchObject({
        user_id: root.id,
        ip_address: '127.0.0.1',
        details: { email: 'Made@example.org' },
      });
      expect(JSON.stringify(entry)).not.toContain(wanted.password);
    });

    it.each([
      [{ password: 'password' }, 'password'],
      [{ role: 'king' }, 'role'],
      [{ tenant_id: randomUUID() }, 'tenant_id'],
      [{ is_superuser: true }, 'is_superuser'],
    ])('are not made with %p', async (wrong, field) => {
      const wanted = { email: 'wrong@example.org', password: 'three-blind-llamas', full_name: 'W', role: 'user' };
      const { status, body } = await root.ask('POST', '/admin/users', { ...wanted, ...wrong });
      expect([status, body.error.details?.map((detail) => detail.field)]).toEqual([422, [field]]);
    });

    it('get another role, which makes their tokens of before be refused', async () => {
      const { access_token, refresh_token } = await auth.signedIn('promoted@example.org');
      const id = uidOf(access_token);
      const { body } = await root.ask<AdminUserDto>('PATCH', `/admin/users/${id}`, { role: 'user' });
      expect(body.role).toBe('user');
      const refreshed = await auth.post<{ access_token: string }>('/api/v2/auth/refresh', { refresh_token });
      expect(decodeJwt(refreshed.body.access_token).roles).toEqual(['user']);
      const [entry] = await audited('user.changed', id);
      expect(entry?.details).toEqual({ changed: { role: { from: 'tenant_admin', to: 'user' } } });
    });

    it('are deactivated, never deleted: no login, no refresh, not even after they come back', async () => {
      const { access_token, refresh_token } = await auth.signedIn('gone@example.org');
      const id = uidOf(access_token);
      const { status, body } = await root.ask<AdminUserDto>('POST', `/admin/users/${id}/deactivate`);
      expect([status, body.is_active]).toEqual([200, false]);
      expect((await auth.login('gone@example.org')).status).toBe(401);
      await root.ask('PATCH', `/admin/users/${id}`, { is_active: true });
      expect((await auth.post('/api/v2/auth/refresh', { refresh_token })).status).toBe(401);
      expect((await auth.login('gone@example.org')).status).toBe(200);
      expect((await root.ask('DELETE', `/admin/users/${id}`)).status).toBe(405);
    });

    it('stay as they are when nothing or nonsense is asked for', async () => {
      const id = uidOf((await auth.signedIn('same@example.org')).access_token);
      expect((await root.ask('PATCH', `/admin/users/${id}`, {})).status).toBe(200);
      expect((await root.ask('PATCH', `/admin/users/${id}`, { email: null })).status).toBe(422);
      expect((await root.ask('PATCH', `/admin/users/${id}`, { email: 'root@EXAMPLE.org' })).status).toBe(409);
      expect(await audited('user.changed', id)).toEqual([]);
    });

    it('keep one administrator: the last one can be neither deactivated nor demoted, not even by two at once', async () => {
      const path = `/admin/users/${root.id}`;
      for (const [method, at, body] of [
        ['PATCH', path, { role: 'user' }],
        ['PATCH', path, { is_active: false }],
        ['POST', `${path}/deactivate`, undefined],
        ['PATCH', `/admin/tenants/${tenantOf(root.tokens.access_token)}`, { is_active: false }],
      ] as const)
        expect((await root.ask(method, at, body)).status).toBe(409);
      const other = await administrator(auth, 'second@example.org');
      const answers = await Promise.all([
        root.ask('PATCH', `/admin/users/${other.id}`, { role: 'user' }),
        other.ask('PATCH', path, { role: 'user' }),
      ]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
      await auth.sql("UPDATE users SET role = 'admin' WHERE email = 'root@example.org'");
      await auth.sql("UPDATE users SET role = 'user' WHERE email = 'second@example.org'");
      // Whoever lost has a token that is refused from now on; one of the same second as the change would be too.
      await sleep(1_100);
      root = await administrator(auth, 'root@example.org');
    });

    it('are never the system, which nobody can read or change', async () => {
      const [system] = await auth.sql<{ id: string }>("SELECT id FROM users WHERE email LIKE '%@system.invalid'");
      const id = system?.id ?? '00000000-0000-4000-8000-000000000001';
      expect((await root.ask('PATCH', `/admin/users/${id}`, { is_active: true })).status).toBe(404);
    });
  });

  describe('tenants', () => {
    it('get the numbers of a new plan, and keep an override until the next one', async () => {
      const id = tenantOf((await auth.signedIn('plans@example.org')).access_token);
      const change = async (body: object) =>
        (await root.ask<AdminTenantDto>('PATCH', `/admin/tenants/${id}`, body)).body;
      expect(await change({ plan: 'pro' })).toMatchObject({ plan: 'pro', rate_limit_rps: 100, ws_limit: 50 });
      expect(await change({ rate_limit_rps: 250 })).toMatchObject({ plan: 'pro', rate_limit_rps: 250, ws_limit: 50 });
      expect(await change({ plan: 'pro', name: 'Plans' })).toMatchObject({ name: 'Plans', rate_limit_rps: 250 });
      const { body: tokens } = await auth.login('plans@example.org');
      expect(decodeJwt(tokens.access_token).plan).toBe('pro');
      expect(await audited('tenant.changed', id)).toHaveLength(3);
    });

    it('are made, found, and not named like another', async () => {
      const { status, body } = await root.ask<AdminTenantDto>('POST', '/admin/tenants', {
        name: 'Fresh Labs',
        plan: 'enterprise',
        ws_limit: 9,
      });
      expect([status, body]).toEqual([
        201,
        expect.objectContaining({ name: 'Fresh Labs', rate_limit_rps: 1000, ws_limit: 9, users: 0, is_active: true }),
      ]);
      expect((await root.ask('POST', '/admin/tenants', { name: 'Fresh Labs' })).status).toBe(409);
      expect((await root.ask('PATCH', `/admin/tenants/${body.id}`, { name: 'root@example.org' })).status).toBe(409);
      const found = await root.ask<AdminTenantListDto>('GET', '/admin/tenants?q=fresh&plan=enterprise&sort=-users');
      expect(found.body).toEqual({ items: [body], total: 1 });
      expect((await root.ask<AdminTenantDto>('GET', `/admin/tenants/${body.id}`)).body).toEqual(body);
    });

    it.each([{ rate_limit_rps: 0 }, { rate_limit_rps: 1.5 }, { ws_limit: -1 }, { plan: 'gold' }, { name: '' }])(
      'do not take %p',
      async (wrong) => {
        const id = tenantOf(root.tokens.access_token);
        expect((await root.ask('PATCH', `/admin/tenants/${id}`, wrong)).status).toBe(422);
      },
    );

    it('that are deactivated let nobody in, until they are back', async () => {
      const { access_token, refresh_token } = await auth.signedIn('closed@example.org');
      const id = tenantOf(access_token);
      const { body } = await root.ask<AdminTenantDto>('POST', `/admin/tenants/${id}/deactivate`);
      expect(body.is_active).toBe(false);
      expect((await auth.login('closed@example.org')).status).toBe(401);
      expect((await auth.get('/api/v2/auth/me', access_token)).status).toBe(401);
      expect((await auth.post('/api/v2/auth/refresh', { refresh_token })).status).toBe(401);
      const { body: closed } = await root.ask<AdminTenantListDto>('GET', '/admin/tenants?is_active=false');
      expect(closed.items.map((tenant) => tenant.id)).toEqual([id]);
      await root.ask('PATCH', `/admin/tenants/${id}`, { is_active: true });
      expect((await auth.login('closed@example.org')).status).toBe(200);
    });
  });

  describe('the audit log', () => {
    it('shows who read it', async () => {
      await root.ask('GET', '/admin/audit-logs?resource_type=nothing');
      const [latest] = await audited('audit_logs.listed', null);
      expect(latest).toMatchObject({
        user_email: 'root@example.org',
        details: { query: { resource_type: 'nothing' } },
        legacy: false,
        current_hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      });
    });

    it('is filtered by time and sorted both ways', async () => {
      const times = async (sort: string) =>
        (await root.ask<AuditLogListDto>('GET', `/admin/audit-logs?per_page=100&sort=${sort}`)).body.items.map(
          ({ created_at }) => created_at,
        );
      const oldest = await times('created_at');
      expect(oldest).toEqual([...oldest].sort());
      const none = await root.ask<AuditLogListDto>('GET', '/admin/audit-logs?to=2020-01-01T00:00:00Z');
      expect(none.body).toEqual({ items: [], total: 0 });
      expect((await root.ask('GET', '/admin/audit-logs?from=yesterday')).status).toBe(422);
    });

    it('gives one entry by its id', async () => {
      const [entry] = await audited('audit_logs.listed', null);
      expect((await root.ask<AuditLogDto>('GET', `/admin/audit-logs/${entry?.id}`)).body).toEqual(entry);
    });

    it('is verified, and names the first broken row', async () => {
      const verify = async () => (await root.ask<AuditVerificationDto>('GET', '/admin/audit-logs/verify')).body;
      const sound = await verify();
      expect(sound).toMatchObject({ valid: true, legacy: null, first_broken: null });
      expect(sound.checked).toBe(sound.head?.seq);
      await auth.sql('ALTER TABLE audit_logs DISABLE TRIGGER ALL');
      const [third] = await auth.sql<{ id: string }>(
        "UPDATE audit_logs SET action = 'user.praised' WHERE id = (SELECT audit_id FROM auth.audit_chain WHERE seq = 3) RETURNING id",
      );
      await auth.sql('ALTER TABLE audit_logs ENABLE TRIGGER ALL');
      expect(await verify()).toMatchObject({
        valid: false,
        checked: 2,
        first_broken: { seq: 3, audit_id: third?.id, reason: 'entry_differs' },
      });
    });
  });
});
