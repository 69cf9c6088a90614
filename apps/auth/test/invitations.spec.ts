import type {
  InvitationDto,
  InvitationListDto,
  NewInvitationDto,
  ProfileDto,
  RegisteredUserDto,
} from '@gpubroker/contracts/auth';
import { decodeJwt } from 'jose';
import { PASSWORD, startAuth, type Problem, type RunningAuth } from './support/running-auth';

const PATH = '/api/v2/auth/invitations';

describe('invitations over HTTP', () => {
  let auth: RunningAuth;

  beforeAll(async () => {
    auth = await startAuth();
  });
  afterAll(() => auth.stop());

  const invite = (token: string, email: string, more: Record<string, unknown> = {}) =>
    auth.post<NewInvitationDto & Problem>(PATH, { email, ...more }, token);
  const accept = (token: string, more: Record<string, unknown> = {}) =>
    auth.post<RegisteredUserDto & Problem>(`${PATH}/accept`, {
      token,
      password: PASSWORD,
      full_name: 'Ada Lovelace',
      ...more,
    });
  const list = async (token: string) => (await auth.get<InvitationListDto>(PATH, token)).body;
  const revoke = (token: string, id: string) => auth.delete<InvitationDto & Problem>(`${PATH}/${id}`, token);
  const owner = async (email: string): Promise<string> => (await auth.signedIn(email)).access_token;

  it('brings somebody into the tenant of the one who invites, as user', async () => {
    const token = await owner('owner@acme.example');
    const { status, body } = await invite(token, 'Ada@acme.example');
    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      email: 'Ada@acme.example',
      role: 'user',
      status: 'open',
      created_at: expect.stringMatching(/Z$/),
      expires_at: expect.stringMatching(/Z$/),
      token: expect.stringMatching(/^[\w-]{43}$/),
    });
    expect(Date.parse(body.expires_at) - Date.parse(body.created_at)).toBe(7 * 86_400_000);
    const joined = await accept(body.token);
    expect(joined.status).toBe(201);
    expect(joined.body).toMatchObject({ email: 'Ada@acme.example', full_name: 'Ada Lovelace', is_active: true });
    const { body: pair } = await auth.login('ada@acme.example');
    expect(decodeJwt(pair.access_token)).toMatchObject({
      roles: ['user'],
      tenant_id: decodeJwt(token).tenant_id,
    });
    const { body: profile } = await auth.get<ProfileDto>('/api/v2/auth/me', pair.access_token);
    expect(profile.tenant.name).toBe('owner@acme.example');
  });

  it('can make a further administrator of the tenant, and none of the platform', async () => {
    const token = await owner('chief@example.org');
    const { body } = await invite(token, 'deputy@example.org', { role: 'tenant_admin' });
    await accept(body.token);
    expect(decodeJwt((await auth.login('deputy@example.org')).body.access_token).roles).toEqual(['tenant_admin']);
    const { body: plain } = await invite(token, 'plain@example.org', { role: null });
    expect(plain.role).toBe('user');
    const refused = await invite(token, 'root@example.org', { role: 'admin' });
    expect([refused.status, refused.body.error.details?.[0]?.field]).toEqual([422, 'role']);
  });

  it('works once, also of ten parallel uses', async () => {
    const { body } = await invite(await owner('once@example.org'), 'ten@example.org');
    const answers = await Promise.all(Array.from({ length: 10 }, () => accept(body.token)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    // On a loaded machine some wait over 2 s for their hash and are sent away with 503.
    expect(answers.filter(({ status }) => ![201, 404, 503].includes(status))).toEqual([]);
    expect((await accept(body.token)).status).toBe(404);
  });

  it('is over after seven days', async () => {
    const token = await owner('late@example.org');
    const { body } = await invite(token, 'sleeper@example.org');
    await auth.sql("UPDATE auth.invitations SET expires_at = now() - interval '1 s' WHERE id = $1", [body.id]);
    expect((await accept(body.token)).status).toBe(404);
    expect((await list(token)).items).toMatchObject([{ id: body.id, status: 'expired' }]);
  });

  it('is listed without its token, newest first, to its tenant only', async () => {
    const token = await owner('lister@example.org');
    const one = await invite(token, 'one@example.org');
    const two = await invite(token, 'two@example.org');
    await accept(one.body.token);
    const { items, total } = await list(token);
    expect(total).toBe(2);
    expect(items.map(({ id, status }) => [id, status])).toEqual([
      [two.body.id, 'open'],
      [one.body.id, 'accepted'],
    ]);
    expect(JSON.stringify(items)).not.toContain('token');
    expect(await list(await owner('stranger@example.org'))).toEqual({ items: [], total: 0 });
  });

  it('can be revoked while it is open', async () => {
    const token = await owner('regret@example.org');
    const { body } = await invite(token, 'unwanted@example.org');
    const { status, body: ended } = await revoke(token, body.id);
    expect([status, ended.status]).toEqual([200, 'revoked']);
    expect((await accept(body.token)).status).toBe(404);
    expect((await revoke(token, body.id)).status).toBe(200);
    const used = await invite(token, 'wanted@example.org');
    await accept(used.body.token);
    expect((await revoke(token, used.body.id)).status).toBe(409);
  });

  it("answers another tenant's id as one that does not exist", async () => {
    const { body } = await invite(await owner('mine@example.org'), 'guest@example.org');
    const stranger = await owner('theirs@example.org');
    const plain = ({ body: problem }: { body: Problem }) => ({ ...problem, error: { ...problem.error, trace_id: '' } });
    const foreign = await revoke(stranger, body.id);
    const random = await revoke(stranger, '00000000-0000-4000-8000-000000000000');
    expect([foreign.status, random.status]).toEqual([404, 404]);
    expect(plain(foreign)).toEqual(plain(random));
    expect((await revoke(stranger, 'no-id')).status).toBe(404);
    expect((await accept(body.token)).status).toBe(201);
  });

  it('ends an earlier one to the same address', async () => {
    const token = await owner('again@example.org');
    const first = await invite(token, 'twice@example.org');
    const second = await invite(token, 'TWICE@example.org');
    expect((await accept(first.body.token)).status).toBe(404);
    expect((await accept(second.body.token)).status).toBe(201);
  });

  it('stays open when the address was registered meanwhile, which is 409', async () => {
    const token = await owner('slow@example.org');
    const { body } = await invite(token, 'Quick@example.org');
    await auth.register('quick@example.org');
    expect((await accept(body.token)).status).toBe(409);
    expect((await list(token)).items[0]?.status).toBe('open');
  });

  it('is for administrators of a tenant only', async () => {
    const { body } = await invite(await owner('boss@example.org'), 'member@example.org');
    await accept(body.token);
    const { access_token } = (await auth.login('member@example.org')).body;
    expect((await invite(access_token, 'x@example.org')).status).toBe(403);
    expect((await auth.get(PATH, access_token)).status).toBe(403);
    expect((await revoke(access_token, body.id)).status).toBe(403);
    expect((await auth.post(PATH, { email: 'x@example.org' })).status).toBe(401);
    expect((await auth.get(PATH)).status).toBe(401);
    expect((await auth.delete(`${PATH}/${body.id}`)).status).toBe(401);
  });

  it.each([
    ['a weak password', { password: 'Password123!' }, 'password'],
    ['the address as password', { password: 'policy@example.org' }, 'password'],
    ['no name', { full_name: '' }, 'full_name'],
    ['an unknown member', { role: 'admin' }, 'role'],
    ['another tenant', { tenant_id: '00000000-0000-4000-8000-000000000000' }, 'tenant_id'],
  ])('refuses %s with 422 and stays open', async (_what, change, field) => {
    const token = await owner(`${field}${Math.random()}@example.org`);
    const { body } = await invite(token, 'policy@example.org');
    const refused = await accept(body.token, change);
    expect([refused.status, refused.body.error.details?.map((detail) => detail.field)]).toEqual([422, [field]]);
    expect((await list(token)).items[0]?.status).toBe('open');
  });

  it('leaves its steps in the audit trail, and its token in no row', async () => {
    const token = await owner('audited@example.org');
    const { body } = await invite(token, 'seen@example.org');
    await accept(body.token);
    const other = await invite(token, 'unseen@example.org');
    await revoke(token, other.body.id);
    await revoke(token, other.body.id);
    const rows = await auth.sql<{ action: string }>(
      `SELECT a.action FROM audit_logs a JOIN auth.audit_chain c ON c.audit_id = a.id
       WHERE resource_type = 'invitation' AND a.tenant_id = $1 ORDER BY c.seq`,
      [decodeJwt(token).tenant_id],
    );
    expect(rows.map(({ action }) => action)).toEqual([
      'invitation.created',
      'invitation.accepted',
      'invitation.created',
      'invitation.revoked',
    ]);
    const dump = await auth.sql<{ text: string }>(
      'SELECT i::text AS text FROM auth.invitations i UNION ALL SELECT a::text FROM audit_logs a',
    );
    expect(dump.map(({ text }) => text).join('\n') + auth.log()).not.toContain(body.token);
  });
});

describe('accepting invitations', () => {
  it('counts towards the limit of registrations', async () => {
    const auth = await startAuth({ env: { REGISTRATION_LIMIT_PER_MINUTE: '2' } });
    try {
      const statuses = [];
      for (let attempt = 0; attempt < 3; attempt += 1) {
        const guess = { token: 'guess', password: PASSWORD, full_name: 'Eve' };
        statuses.push((await auth.post(`${PATH}/accept`, guess)).status);
      }
      expect(statuses).toEqual([404, 404, 429]);
    } finally {
      await auth.stop();
    }
  });
});
