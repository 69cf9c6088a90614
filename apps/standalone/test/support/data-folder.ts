import { chmodSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopOrphan } from '@gpubroker/persistence/embedded';

const PREFIX = 'gpubroker-standalone-';

export interface DataFolder {
  readonly path: string;
  remove(): void;
}

/** A data directory of one test's own, which the user that runs PostgreSQL for root may enter. */
export async function makeDataFolder(): Promise<DataFolder> {
  await removeLeftovers();
  const path = mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
  chmodSync(path, 0o755);
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** What a killed run left behind: its pid is in the name of the folder. */
async function removeLeftovers(): Promise<void> {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(PREFIX) || isAlive(Number(name.slice(PREFIX.length).split('-')[0]))) continue;
    const folder = join(tmpdir(), name);
    await stopOrphan(join(folder, 'postgres'));
    rmSync(folder, { recursive: true, force: true });
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
