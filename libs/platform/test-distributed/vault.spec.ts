/** The Vault filling of the secret box on a real Vault, which is killed, hung, sealed and rotated meanwhile. */
import { setTimeout as sleep } from 'node:timers/promises';
import { VaultSecretBox, type SecretContext, type VaultSettings } from '@gpubroker/platform/secrets';
import { eventually } from '@gpubroker/testing/eventually';
import { startVault, type VaultServer } from '../../../tools/servers/vault.mjs';
import { describeSecretBox } from '../test/secret-box.conformance';

const CONTEXT: SecretContext = ['integration', 'tenant', 'runpod'];
/** A first build of Vault takes 5 to 10 minutes. */
const BUILD_MS = 20 * 60_000;
const UNAVAILABLE = { code: 'SERVICE_UNAVAILABLE', status: 503 };

let vault: VaultServer;
let serial = 0;

beforeAll(async () => {
  vault = await startVault();
  await vault.createKey('gpubroker');
}, BUILD_MS);

afterAll(() => vault.stop());

async function settings(key = 'gpubroker', changes: Partial<VaultSettings> = {}): Promise<VaultSettings> {
  return {
    address: vault.address,
    token: await vault.createToken(key),
    transitPath: 'transit',
    transitKey: key,
    timeoutMs: 2_000,
    breaker: { failures: 5, withinMs: 30_000, openForMs: 1_000, trials: 1 },
    ...changes,
  };
}

const ownKey = (): string => `key-${String((serial += 1))}`;

describeSecretBox('VaultSecretBox', async () => new VaultSecretBox(await settings()));

describeSecretBox('VaultSecretBox with a derived key', async () => {
  const key = ownKey();
  await vault.ask('POST', `transit/keys/${key}`, { derived: true });
  await vault.createKey(key);
  return new VaultSecretBox(await settings(key));
});

describe('rotation', () => {
  it('leaves what was sealed before readable, until the old version is withdrawn', async () => {
    const key = ownKey();
    await vault.createKey(key);
    const box = new VaultSecretBox(await settings(key));
    const old = await box.seal(CONTEXT, 'secret');
    await vault.ask('POST', `transit/keys/${key}/rotate`, {});
    expect(await box.open(CONTEXT, old)).toBe('secret');
    const fresh = await box.seal(CONTEXT, 'secret');
    expect(fresh).toMatch(/^vault:v2:/);
    await vault.ask('POST', `transit/keys/${key}/config`, { min_decryption_version: 2 });
    await expect(box.open(CONTEXT, old)).rejects.toMatchObject({ isSecretUnreadable: true });
    expect(await box.open(CONTEXT, fresh)).toBe('secret');
    await box.close();
  });

  it('in the middle of work costs nothing: 1,000 secrets sealed anew while others are opened', async () => {
    const key = ownKey();
    await vault.createKey(key);
    const box = new VaultSecretBox(await settings(key, { timeoutMs: 20_000 }));
    const contexts = Array.from({ length: 1_000 }, (_none, at): SecretContext => ['integration', `tenant-${at}`]);
    const texts = await inTurns(contexts, (context) => box.seal(context, context[1] ?? ''));
    const anew = inTurns(contexts, async (context, at) => box.seal(context, await box.open(context, texts[at] ?? '')));
    const opened = inTurns(contexts, (context, at) => box.open(context, texts[at] ?? ''));
    await vault.ask('POST', `transit/keys/${key}/rotate`, {});
    expect(await opened).toEqual(contexts.map(([, tenant]) => tenant));
    await anew;
    const last = await inTurns(contexts, (context, at) =>
      box.open(context, texts[at] ?? '').then((plain) => box.seal(context, plain)),
    );
    await vault.ask('POST', `transit/keys/${key}/config`, { min_decryption_version: 2 });
    expect(await inTurns(contexts, (context, at) => box.open(context, last[at] ?? ''))).toEqual(await opened);
    await expect(box.open(contexts[0] ?? CONTEXT, texts[0] ?? '')).rejects.toMatchObject({ isSecretUnreadable: true });
    await box.close();
  });
});

describe('trouble', () => {
  let box: VaultSecretBox;
  let sealed: string;

  beforeEach(async () => {
    box = new VaultSecretBox(await settings('gpubroker', { timeoutMs: 500 }));
    sealed = await box.seal(CONTEXT, 'secret');
  });

  afterEach(() => box.close());

  const worksAgain = (): Promise<string> =>
    eventually(
      () => box.open(CONTEXT, sealed),
      (plain) => plain === 'secret',
    );

  it('killed: nothing is sealed or opened meanwhile, and everything after its return', async () => {
    await vault.kill();
    await expect(box.seal(CONTEXT, 'other')).rejects.toMatchObject(UNAVAILABLE);
    for (let tries = 0; tries < 5; tries += 1)
      await expect(box.open(CONTEXT, sealed)).rejects.toMatchObject(UNAVAILABLE);
    expect(box.breaker.state.kind).toBe('open');
    await vault.start();
    expect(await worksAgain()).toBe('secret');
    expect(box.breaker.state.kind).toBe('closed');
  });

  it('hung: callers are let go in time, and it works after its return', async () => {
    vault.pause();
    try {
      const begun = performance.now();
      await expect(box.seal(CONTEXT, 'other')).rejects.toMatchObject(UNAVAILABLE);
      expect(performance.now() - begun).toBeLessThan(2_000);
      for (let tries = 0; tries < 5; tries += 1) await box.seal(CONTEXT, 'other').catch(() => undefined);
      const refused = performance.now();
      await expect(box.seal(CONTEXT, 'other')).rejects.toMatchObject(UNAVAILABLE);
      expect(performance.now() - refused).toBeLessThan(400);
    } finally {
      vault.resume();
    }
    expect(await worksAgain()).toBe('secret');
  });

  it('sealed: unavailable, not unreadable', async () => {
    await vault.ask('PUT', 'sys/seal');
    await expect(box.open(CONTEXT, sealed)).rejects.toMatchObject(UNAVAILABLE);
    await vault.kill();
    await vault.start();
    expect(await worksAgain()).toBe('secret');
  });

  it('a token without the right, or a key that is not there: unavailable, not unreadable', async () => {
    const other = ownKey();
    await vault.createKey(other);
    const foreign = new VaultSecretBox(await settings('gpubroker', { token: await vault.createToken(other) }));
    const nowhere = new VaultSecretBox(await settings('gpubroker', { transitKey: ownKey() }));
    for (const wrong of [foreign, nowhere]) {
      await expect(wrong.seal(CONTEXT, 'other')).rejects.toMatchObject(UNAVAILABLE);
      await expect(wrong.open(CONTEXT, sealed)).rejects.toMatchObject(UNAVAILABLE);
      await wrong.close();
    }
  });

  it('a token of four seconds works for ten, because it is renewed', async () => {
    const problems: unknown[] = [];
    const short = await vault.createToken('gpubroker', { ttl: '4s' });
    const renewing = new VaultSecretBox(await settings('gpubroker', { token: short }), (error) => problems.push(error));
    for (let second = 0; second < 10; second += 1) {
      await sleep(1_000);
      expect(await renewing.open(CONTEXT, sealed)).toBe('secret');
    }
    expect(problems).toEqual([]);
    await renewing.close();
  });
});

/** Eight at a time: as many as a busy service has on its way. */
async function inTurns<In, Out>(items: readonly In[], work: (item: In, at: number) => Promise<Out>): Promise<Out[]> {
  const results: Out[] = [];
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < items.length; at = next++) {
      const item = items[at];
      if (item !== undefined) results[at] = await work(item, at);
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));
  return results;
}
