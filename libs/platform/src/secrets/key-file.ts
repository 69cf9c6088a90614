import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * The file's text, made first when there is no file. Of two processes that start together the later one finds the link taken
 * and reads what the other made; a draft under its own name keeps anybody from reading half a key.
 */
export async function readOrCreateKeyFile(path: string, newText: () => string | Promise<string>): Promise<string> {
  for (;;) {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      if (!failedWith(error, 'ENOENT')) throw error;
    }
    await createKeyFile(path, await newText());
  }
}

async function createKeyFile(path: string, text: string): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    await writeFile(draft, text, { mode: 0o600, flag: 'wx' });
    await link(draft, path);
  } catch (error) {
    if (!failedWith(error, 'EEXIST')) throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Not asked by class: Node's own errors come from another realm under some runners. */
const failedWith = (error: unknown, code: string): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === code;
