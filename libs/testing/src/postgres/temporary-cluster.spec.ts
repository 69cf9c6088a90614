import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import globalSetup from './global-setup';
import globalTeardown from './global-teardown';
import { startKeeper, stopKeeper } from './keeper-process';
import { keeperSlot } from './keeper-slot';
import { removeLeftovers, startTemporaryCluster } from './temporary-cluster';

const folderOf = (pid: number | undefined): string | undefined =>
  readdirSync(tmpdir()).find((name) => name.startsWith(`gpubroker-test-postgres-${String(pid)}-`));

describe('a temporary cluster', () => {
  it('leaves nothing when it is discarded', async () => {
    const { postgres, discard } = await startTemporaryCluster();
    const folder = dirname(postgres.dataDirectory);
    expect(existsSync(folder)).toBe(true);
    await discard();

    expect(existsSync(folder)).toBe(false);
  });

  it('of a dead run is removed, that of a living one is not', async () => {
    const parent = mkdtempSync(join(tmpdir(), 'gpubroker-leftovers-'));
    const [dead, alive] = [4194304, process.pid].map((pid) => join(parent, `gpubroker-test-postgres-${pid}-x`));
    for (const folder of [dead, alive]) mkdirSync(folder!);
    await removeLeftovers(parent);

    expect([dead, alive].map((folder) => existsSync(folder!))).toEqual([false, true]);
    rmSync(parent, { recursive: true });
  });
});

describe('the keeper', () => {
  it('removes server and data when its run ends', async () => {
    const { keeper, url } = await startKeeper();
    expect(url).toMatch(/^postgresql:/);
    expect(folderOf(keeper.pid)).toBeDefined();
    await stopKeeper(keeper);
    await stopKeeper(keeper);

    expect(folderOf(keeper.pid)).toBeUndefined();
  });

  it('killed with -9 leaves a server that the next run removes', async () => {
    const { keeper } = await startKeeper();
    const folder = folderOf(keeper.pid);
    keeper.kill('SIGKILL');
    while (keeper.signalCode === null) await sleep(10);
    expect(readdirSync(tmpdir())).toContain(folder);
    await removeLeftovers();

    expect(readdirSync(tmpdir())).not.toContain(folder);
  });
});

describe('the set-up of a run', () => {
  // Jest copies the globals that were there at its start, the keeper of this very run included.
  beforeEach(() => {
    delete keeperSlot.keeper;
  });

  it('uses a server that the environment names, and does not stop it', async () => {
    const url = process.env['TEST_POSTGRES_URL'];
    const run = process.env['TEST_POSTGRES_RUN'];
    await globalSetup();
    await globalTeardown();

    expect(process.env['TEST_POSTGRES_URL']).toBe(url);
    process.env['TEST_POSTGRES_RUN'] = run;
  });

  it('starts one and ends it', async () => {
    const { TEST_POSTGRES_URL: url, TEST_POSTGRES_RUN: run } = process.env;
    delete process.env['TEST_POSTGRES_URL'];
    try {
      await globalSetup();
      expect(process.env['TEST_POSTGRES_URL']).not.toBe(url);
      await globalTeardown();
      expect(process.env['TEST_POSTGRES_URL']).toBeUndefined();
    } finally {
      Object.assign(process.env, { TEST_POSTGRES_URL: url, TEST_POSTGRES_RUN: run });
    }
  });
});
