import { LocalSecretBox, readSealingKeys, type SecretBox, type SecretContext } from '@gpubroker/platform/secrets';
import { ApiError } from '@gpubroker/platform/errors';
import { eventually } from '@gpubroker/testing/eventually';
import { CredentialSealer } from '../src/integrations/credential-sealer';
import { IntegrationStore } from '../src/integrations/integration.store';
import { TenantCredentials } from '../src/integrations/tenant-credentials';
import {
  INTEGRATIONS,
  SECRETS_KEY,
  startIntegrations,
  type Person,
  type RunningIntegrations,
} from './support/running-integrations';

const KEY_OF_A = 'key-of-tenant-a';
const KEY_OF_B = 'key-of-tenant-b';

describe('between tenants', () => {
  let running: RunningIntegrations;
  let a: Person;
  let b: Person;

  beforeAll(async () => {
    running = await startIntegrations();
    running.cloud.good.add(KEY_OF_A).add(KEY_OF_B);
  });

  afterAll(() => running.stop());

  beforeEach(async () => {
    [a, b] = [await running.person(), await running.person()];
    await a.set('lambda', { api_key: KEY_OF_A });
  });

  const credentials = () => running.service.app.get(TenantCredentials, { strict: false });
  const sealedOf = async ({ tenantId }: Person) =>
    (
      await running.sql<{ sealed: string }>('SELECT sealed FROM providers.integrations WHERE tenant_id = $1', [
        tenantId,
      ])
    )[0]?.sealed;

  it('nobody sees that another has a key', async () => {
    expect(await b.statusOf('lambda')).toMatchObject({ status: 'not_configured', last_checked: null });
  });

  it("removing another's key is like removing one that never was", async () => {
    const [others, never] = [await b.remove('lambda'), await b.remove('vultr')];
    expect([others.status, others.body.error.message]).toEqual([404, never.body.error.message]);
    expect((await a.statusOf('lambda')).status).toBe('ok');
  });

  it('each has their own key of one cloud', async () => {
    await b.set('lambda', { api_key: KEY_OF_B });
    expect(await credentials().for(a.tenantId, 'lambda')).toEqual({ api_key: KEY_OF_A });
    expect(await credentials().for(b.tenantId, 'lambda')).toEqual({ api_key: KEY_OF_B });
    await b.remove('lambda');
    expect(await credentials().for(a.tenantId, 'lambda')).toEqual({ api_key: KEY_OF_A });
  });

  it('no header, query or body names whose keys are meant', async () => {
    const before = await sealedOf(a);
    const body = { provider: 'lambda', credentials: { api_key: KEY_OF_B }, tenant_id: a.tenantId };
    expect((await b.post(body)).status).toBe(422);
    await b.remove(`lambda?tenant_id=${a.tenantId}`);
    expect(await sealedOf(a)).toBe(before);
  });

  it("the platform's admin sets keys of the own tenant only", async () => {
    const admin = await running.person({ roles: ['admin'] });
    expect((await admin.remove('lambda')).status).toBe(404);
    await admin.set('lambda', { api_key: KEY_OF_B });
    expect(await credentials().for(a.tenantId, 'lambda')).toEqual({ api_key: KEY_OF_A });
  });

  it("a key that was copied into another tenant's row opens nothing there", async () => {
    await b.set('lambda', { api_key: KEY_OF_B });
    await running.sql('UPDATE providers.integrations SET sealed = $2 WHERE tenant_id = $1', [
      b.tenantId,
      await sealedOf(a),
    ]);
    await expect(credentials().for(b.tenantId, 'lambda')).rejects.toMatchObject({ code: 'CONFLICT' });
    expect(await credentials().for(a.tenantId, 'lambda')).toEqual({ api_key: KEY_OF_A });
  });

  it('no tenant has another’s key through what is kept in memory, 1,000 times by turns', async () => {
    await b.set('lambda', { api_key: KEY_OF_B });
    const asked = Array.from({ length: 1_000 }, (_none, at) => (at % 2 === 0 ? a : b));
    const answers = await Promise.all(asked.map(({ tenantId }) => credentials().for(tenantId, 'lambda')));
    expect(answers.filter((answer, at) => answer?.['api_key'] !== (at % 2 === 0 ? KEY_OF_A : KEY_OF_B))).toEqual([]);
  });

  it("the shared catalogue is asked for with the operator's key alone", async () => {
    const other = await startIntegrations({ LAMBDA_API_KEY: 'key-of-the-operator', SYNC_INTERVAL_SECONDS: '1' });
    other.cloud.good.add(KEY_OF_A);
    await (await other.person()).set('lambda', { api_key: KEY_OF_A });
    const asked = other.cloud.pulls.length;
    await eventually(
      () => Promise.resolve(other.cloud.pulls.length),
      (count) => count >= asked + 3,
    );
    await other.stop();
    expect(new Set(other.cloud.pulls)).toEqual(new Set(['Bearer key-of-the-operator']));
    expect(new Set(other.cloud.seen)).toEqual(new Set([`Bearer ${KEY_OF_A}`]));
  });

  it('a cloud that tenants get into trouble with their keys goes on being asked for the catalogue', async () => {
    const other = await startIntegrations({
      LAMBDA_API_KEY: 'key-of-the-operator',
      SYNC_INTERVAL_SECONDS: '1',
      PROVIDER_BREAKER_OPEN_MS: '600000',
    });
    other.cloud.keysMode = 'reset';
    const person = await other.person();
    for (let times = 0; times < 4; times += 1) await person.set('lambda', { api_key: KEY_OF_A });
    const metrics = await (await fetch(`${other.service.url}/metrics`)).text();
    const asked = other.cloud.pulls.length;
    await eventually(
      () => Promise.resolve(other.cloud.pulls.length),
      (count) => count >= asked + 2,
    );
    await other.stop();
    expect(metrics).toMatch(/gpubroker_breaker_state\{name="tenant-keys:lambda"[^}]*\} 2/);
  });

  it('says the same of a tenant without keys as before there were any', async () => {
    const { status } = await running.ask('GET', INTEGRATIONS);
    expect(status).toBe(401);
    expect(new Set((await b.list()).map((item) => item.status))).toEqual(new Set(['not_configured']));
  });
});

/** A box that can be taken away. */
class AbsentableBox implements SecretBox {
  readonly breaker = null;
  away = false;
  opened = 0;
  private readonly box = new LocalSecretBox(readSealingKeys(SECRETS_KEY));

  seal(context: SecretContext, plaintext: string): Promise<string> {
    return this.box.seal(context, plaintext);
  }

  open(context: SecretContext, sealed: string): Promise<string> {
    this.opened += 1;
    return this.away ? Promise.reject(new ApiError('SERVICE_UNAVAILABLE', 'away')) : this.box.open(context, sealed);
  }

  close(): Promise<void> {
    return this.box.close();
  }
}

describe('the key that a tenant books with', () => {
  let running: RunningIntegrations;
  let person: Person;
  let box: AbsentableBox;
  let credentials: TenantCredentials;
  let later = 0;

  beforeAll(async () => {
    running = await startIntegrations();
    running.cloud.good.add(KEY_OF_A).add(KEY_OF_B);
    const now = performance.now.bind(performance);
    jest.spyOn(performance, 'now').mockImplementation(() => now() + later);
  });

  afterAll(async () => {
    jest.restoreAllMocks();
    await running.stop();
  });

  beforeEach(async () => {
    person = await running.person();
    await person.set('lambda', { api_key: KEY_OF_A });
    box = new AbsentableBox();
    credentials = new TenantCredentials(
      running.service.app.get(IntegrationStore, { strict: false }),
      new CredentialSealer(box),
    );
  });

  const ask = () => credentials.for(person.tenantId, 'lambda');
  const pass = (minutes: number) => {
    later += minutes * 60_000;
  };

  it('is none where none was set', async () => {
    expect(await credentials.for(person.tenantId, 'vultr')).toBeNull();
  });

  it('is opened once a minute at most', async () => {
    for (let times = 0; times < 5; times += 1) await ask();
    expect(box.opened).toBe(1);
    pass(1.1);
    await ask();
    expect(box.opened).toBe(2);
  });

  it('goes on for a quarter of an hour without the box, and then no longer', async () => {
    await ask();
    box.away = true;
    pass(14);
    expect(await ask()).toEqual({ api_key: KEY_OF_A });
    pass(1.1);
    await expect(ask()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    box.away = false;
    expect(await ask()).toEqual({ api_key: KEY_OF_A });
  });

  it('is not there without the box when it was never opened', async () => {
    box.away = true;
    await expect(ask()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  it('is gone from memory the moment it is removed, and another the moment it is replaced', async () => {
    await ask();
    box.away = true;
    await person.set('lambda', { api_key: KEY_OF_B });
    await expect(ask()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    box.away = false;
    expect(await ask()).toEqual({ api_key: KEY_OF_B });
    await person.remove('lambda');
    expect(await ask()).toBeNull();
  });

  it('is refused, and nobody else’s taken in its place, once the cloud refused it', async () => {
    await ask();
    await running.sql(
      `UPDATE providers.integrations SET status = 'invalid', problem = 'refused' WHERE tenant_id = $1`,
      [person.tenantId],
    );
    await expect(ask()).rejects.toMatchObject({ code: 'CONFLICT' });
  });
});
