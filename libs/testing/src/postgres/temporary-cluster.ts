import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres, stopOrphan, type EmbeddedPostgres } from '@gpubroker/persistence/embedded';

const PREFIX = 'gpubroker-test-postgres-';

export interface TemporaryCluster {
  readonly postgres: EmbeddedPostgres;
  /** Stops the server and removes its data. */
  discard(): Promise<void>;
}

/** An empty PostgreSQL without fsync in a folder of its own; what a killed earlier run left behind is removed first. */
export async function startTemporaryCluster(): Promise<TemporaryCluster> {
  await removeLeftovers();
  const folder = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  chmodSync(folder, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDirectory: join(folder, 'data'), durable: false });
  return {
    postgres,
    discard: async () => {
      await postgres.stop();
      for (const path of [postgres.dataDirectory, folder]) rmSync(path, { recursive: true, force: true });
    },
  };
}

/** Folders whose owner, named in the folder's name, is gone. */
export async function removeLeftovers(parent = tmpdir()): Promise<void> {
  for (const name of readdirSync(parent)) {
    if (!name.startsWith(PREFIX) || isAlive(Number(name.slice(PREFIX.length).split('-')[0]))) continue;
    const folder = join(parent, name);
    await stopOrphan(join(folder, 'data'));
    rmSync(folder, { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
