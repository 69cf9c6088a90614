/** Tenants' keys with a real Vault that goes away and comes back. */
import { eventually } from '@gpubroker/testing/eventually';
import { startVault, type VaultServer } from '../../../tools/servers/vault.mjs';
import { TenantCredentials } from '../src/integrations/tenant-credentials';
import { startIntegrations, type Person, type RunningIntegrations } from '../test/support/running-integrations';

/** A first build of Vault takes 5 to 10 minutes. */
const BUILD_MS = 20 * 60_000;
const KEY = 'key-of-a-tenant-in-vault';
/** SPEC P10 with research/reliability SE-3: a write is refused within this time while Vault is away. */
const REFUSED_WITHIN_MS = 2_000;

describe('integrations on Vault', () => {
  let vault: VaultServer;
  let running: RunningIntegrations;
  let owner: Person;

  beforeAll(async () => {
    vault = await startVault();
    await vault.createKey('gpubroker');
    running = await startIntegrations({
      VAULT_ADDR: vault.address,
      VAULT_TOKEN: await vault.createToken('gpubroker'),
      VAULT_BREAKER_OPEN_MS: '1000',
      VAULT_BREAKER_TRIALS: '1',
    });
    running.cloud.good.add(KEY);
  }, BUILD_MS);

  afterAll(async () => {
    await running.stop();
    await vault.stop();
  });

  beforeEach(async () => {
    owner = await running.person();
  });

  const credentials = () => running.service.app.get(TenantCredentials, { strict: false });

  const workAgain = () =>
    eventually(
      async () => (await (await running.person()).set('lambda', { api_key: KEY })).status,
      (status) => status === 201,
    );

  it('keeps what Vault sealed, and opens it for its tenant', async () => {
    expect((await owner.set('lambda', { api_key: KEY })).status).toBe(201);
    const [row] = await running.sql<{ sealed: string }>(
      'SELECT sealed FROM providers.integrations WHERE tenant_id = $1',
      [owner.tenantId],
    );
    expect(row?.sealed).toMatch(/^vault:v1:/);
    expect(await credentials().for(owner.tenantId, 'lambda')).toEqual({ api_key: KEY });
  });

  it.each<[string, (vault: VaultServer) => unknown, (vault: VaultServer) => unknown]>([
    ['killed', (server) => server.kill(), (server) => server.start()],
    [
      'hung',
      (server) => {
        server.pause();
      },
      (server) => {
        server.resume();
      },
    ],
  ])('%s: a new key is refused at once, everything else goes on, and it heals by itself', async (_how, away, back) => {
    await owner.set('lambda', { api_key: KEY });
    await credentials().for(owner.tenantId, 'lambda');
    const asked = running.cloud.seen.length;
    await away(vault);
    try {
      const stranger = await running.person();
      const begun = performance.now();
      const { status, body, headers } = await stranger.set('lambda', { api_key: KEY });
      expect(performance.now() - begun).toBeLessThan(REFUSED_WITHIN_MS);
      expect([status, body.error.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
      expect(running.cloud.seen.length).toBe(asked);
      expect((await stranger.statusOf('lambda')).status).toBe('not_configured');

      expect((await owner.statusOf('lambda')).status).toBe('ok');
      expect(await credentials().for(owner.tenantId, 'lambda')).toEqual({ api_key: KEY });
      expect((await running.ask('GET', '/api/v2/providers')).status).toBe(200);
      for (let tries = 0; tries < 5; tries += 1) await stranger.set('lambda', { api_key: KEY });
      const health = await running.ask<{ status: string; vault: unknown }>('GET', '/health');
      expect([health.status, health.body.status]).toEqual([200, 'degraded']);
      expect((await owner.remove('lambda')).status).toBe(200);
    } finally {
      await back(vault);
    }
    await workAgain();
  });

  it('puts a look at a key off, and judges nothing, while Vault is away', async () => {
    await owner.set('lambda', { api_key: KEY });
    await vault.kill();
    await running.sql('UPDATE providers.integrations SET next_check_at = now() WHERE tenant_id = $1', [owner.tenantId]);
    const [row] = await eventually(
      () =>
        running.sql<{ status: string; later: boolean }>(
          'SELECT status, next_check_at > now() AS later FROM providers.integrations WHERE tenant_id = $1',
          [owner.tenantId],
        ),
      ([found]) => found?.later === true,
    );
    expect(row?.status).toBe('ok');
    await vault.start();
    await workAgain();
  });

  it('starts without Vault', async () => {
    await vault.kill();
    const other = await startIntegrations({ VAULT_ADDR: vault.address, VAULT_TOKEN: 'hvs.nobody-is-there-to-ask' });
    expect((await (await other.person()).list()).length).toBeGreaterThan(0);
    await other.stop();
    await vault.start();
    await workAgain();
  });

  it('says neither the token of Vault nor a key in its log', () => {
    expect(running.log()).not.toMatch(/hvs\.|key-of-a-tenant-in-vault/);
  });
});
