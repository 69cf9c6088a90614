import { randomBytes } from 'node:crypto';
import { isSecretUnreadable } from '@gpubroker/platform/secrets';
import { eventually } from '@gpubroker/testing/eventually';
import { TenantClouds } from '../src/integrations/tenant-clouds';
import { TenantCredentials } from '../src/integrations/tenant-credentials';
import { INTEGRATIONS, startIntegrations, type Person, type RunningIntegrations } from './support/running-integrations';

/** Keys that can be known again wherever they come out, each taken down another road. */
describe('a known key', () => {
  const canaries = new Map<string, string>();
  const said: string[] = [];
  let running: RunningIntegrations;
  let owner: Person;
  let admin: string;

  /** Not of the shape of any cloud's keys: nothing that redacts by shape may help. */
  const canary = (road: string): string => {
    const key = `Zq${randomBytes(12).toString('hex')}`;
    canaries.set(road, key);
    return key;
  };

  const keep = <Kept extends { text: string; headers: Headers }>(answer: Kept): Kept => {
    said.push(answer.text, JSON.stringify([...answer.headers]));
    return answer;
  };

  const set = async (provider: string, credentials: Record<string, unknown>) =>
    keep(await owner.set(provider, credentials)).status;

  const raw = async (body: string, headers: Record<string, string>) => {
    const response = await fetch(`${running.service.url}${INTEGRATIONS}`, { method: 'POST', body, headers });
    keep({ text: await response.text(), headers: response.headers });
    return response.status;
  };

  const lookAgain = () =>
    running.sql('UPDATE providers.integrations SET next_check_at = now() WHERE tenant_id = $1', [owner.tenantId]);

  beforeAll(async () => {
    running = await startIntegrations({ LAMBDA_API_KEY: canary("the operator's") });
    owner = await running.person();
    admin = owner.token;
  });

  afterAll(() => running.stop());

  it('is taken down every road', async () => {
    const accepted = canary('accepted');
    running.cloud.good.add(accepted);
    expect(await set('lambda', { api_key: accepted })).toBe(201);
    expect(await set('lambda', { api_key: canary('refused') })).toBe(422);
    for (const mode of ['error', 'garbage', 'hang', 'reset'] as const) {
      running.cloud.mode = mode;
      expect(await set('lambda', { api_key: canary(`cloud: ${mode}`) })).toBe(200);
    }
    await lookAgain();
    running.cloud.mode = 'ok';
    await eventually(
      () => owner.statusOf('lambda'),
      ({ status }) => status === 'invalid',
    );

    expect(await set('cudo', { api_key: canary('cudo'), project_id: canary('in a path') })).toBe(201);
    expect(await set('verda', { client_id: canary('verda'), client_secret: canary('in a form') })).toBe(201);
    expect(await set('oci', { private_key: canary('oci'), ...OCI })).toBe(422);
    expect(await set('hyperstack', { api_key: canary('in a header') })).toBe(201);
    expect(await set('scaleway', { secret_key: canary('scaleway'), project_id: canary('in a query') })).toBe(201);

    expect(await set('lambda', { api_key: `${canary('not valid')}\n` })).toBe(422);
    expect(await set('lambda', { [canary('as a name')]: 'x' })).toBe(422);
    expect(await set(canary('as a provider'), {})).toBe(422);
    const json = { 'content-type': 'application/json', authorization: `Bearer ${admin}` };
    expect(await raw(`{"provider":"lambda","credentials":{"api_key":"${canary('broken JSON')}`, json)).toBe(400);
    expect(await raw(`api_key=${canary('no JSON')}`, { ...json, 'content-type': 'text/plain' })).toBe(415);
    expect(await raw(`{"provider":"${canary('without a token')}"}`, { 'content-type': 'application/json' })).toBe(401);
    expect(await raw('{}', { ...json, authorization: `Bearer ${canary('as a token')}` })).toBe(401);
  });

  it('is taken through the database going wrong', async () => {
    await running.sql('ALTER TABLE providers.integrations RENAME COLUMN sealed TO gone');
    expect(await set('vultr', { api_key: canary('database: no column') })).toBe(500);
    await running.sql('ALTER TABLE providers.integrations RENAME COLUMN gone TO sealed');
    await running.sql(`ALTER TABLE providers.integrations ADD CONSTRAINT never CHECK (false) NOT VALID`);
    expect(await set('vultr', { api_key: canary('database: refused row') })).toBe(500);
    await running.sql('ALTER TABLE providers.integrations DROP CONSTRAINT never');
    await running.sql('ALTER TABLE providers.outbox RENAME TO gone');
    expect(await set('vultr', { api_key: canary('database: no outbox') })).toBe(500);
    await running.sql('ALTER TABLE providers.gone RENAME TO outbox');
  });

  it('is quoted by a bug in an adapter', async () => {
    const adapter = running.service.app.get(TenantClouds, { strict: false }).adapter('linode');
    if (adapter === null) throw new Error('Linode is not asked here');
    jest.spyOn(adapter, 'validateCredentials').mockImplementation((credentials) => {
      throw new TypeError(`cannot read ${JSON.stringify(credentials)}`);
    });
    expect(await set('linode', { api_key: canary('a bug') })).toBe(201);
    expect((await owner.statusOf('linode')).status).toBe('unverified');
    expect(running.log()).toMatch(/the adapter failed while it checked a key/);
  });

  it('is opened, and fails to open', async () => {
    const opener = running.service.app.get(TenantCredentials, { strict: false });
    expect(await opener.for(owner.tenantId, 'hyperstack')).toEqual({ api_key: canaries.get('in a header') });
    await running.sql(
      `UPDATE providers.integrations AS one SET sealed = other.sealed FROM providers.integrations AS other
       WHERE one.provider = 'scaleway' AND other.provider = 'cudo'`,
    );
    const error = await opener.for(owner.tenantId, 'scaleway').catch((reason: unknown) => reason);
    expect(isSecretUnreadable((error as Error).cause)).toBe(true);
    said.push(String(error), JSON.stringify(error));
    await lookAgain();
    await eventually(
      () => owner.statusOf('scaleway'),
      ({ status }) => status === 'invalid',
    );
    keep(await owner.remove('hyperstack'));
  });

  it('would be found, in whatever form it came out', () => {
    for (const form of ['utf8', 'hex', 'base64', 'base64url'] as const) {
      const leak = [...canaries.values()].map((key, at) => Buffer.from(`${'.'.repeat(at % 3)}${key}..`).toString(form));
      expect(found(leak.join('\n'))).toHaveLength(canaries.size);
    }
  });

  it('is in no answer', async () => {
    for (const path of [INTEGRATIONS, '/api/v2/providers/list', '/health', '/openapi.json'])
      keep(await running.ask('GET', path, undefined, admin));
    expect(found(said.join('\n'), ['as a provider'])).toEqual([]);
  });

  it('is in no log line', () => {
    expect(running.log()).toContain('key not verified');
    expect(found(running.log())).toEqual([]);
  });

  it('is in no metric', async () => {
    expect(found(await (await fetch(`${running.service.url}/metrics`)).text())).toEqual([]);
  });

  it('is in no row of any table, events among them', async () => {
    const tables = await running.sql<{ name: string }>(
      `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
       WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
    );
    const dump = new Map<string, string>();
    for (const { name } of tables) dump.set(name, JSON.stringify(await running.sql(`SELECT * FROM ${name}`)));
    expect(dump.get('providers.integrations')).toContain('gpb1.');
    expect(dump.get('events.event_log')).toContain('integration.created');
    expect(found([...dump.values()].join('\n'))).toEqual([]);
  });

  /** Roads whose key stands in the text, in any form it could have been given. */
  function found(text: string, butFor: readonly string[] = []): string[] {
    const lower = text.toLowerCase();
    return [...canaries]
      .filter(([road]) => !butFor.includes(road))
      .filter(([, key]) => formsOf(key).some((form) => lower.includes(form.toLowerCase())))
      .map(([road]) => road);
  }
});

/** Base64 of a text inside another depends on where it begins: all three are looked for, without their uncertain ends. */
function formsOf(key: string): string[] {
  const shifted = [0, 1, 2].map((shift) =>
    Buffer.from(`${' '.repeat(shift)}${key}`)
      .toString('base64')
      .slice(4, -4),
  );
  return [key, Buffer.from(key).toString('hex'), ...shifted];
}

const OCI = {
  tenancy_ocid: 'ocid1.tenancy',
  user_ocid: 'ocid1.user',
  fingerprint: '00:11',
  region: 'eu-frankfurt-1',
  subnet_ocid: 'ocid1.subnet',
};
