import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDirectory } from './maven-jars.mjs';

const run = promisify(execFile);
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/**
 * The built program of a folder with `go.mod` and `main.go`; built once per content, then found again. Needs go on the PATH.
 * The file is renamed into place when complete, so that a broken build is never taken for a finished one.
 * @param {{ name: string, source: string, needs: string, log: (line: string) => void }} request needs: what is said while it is built
 * @returns {Promise<string>} path of the program
 */
export async function goProgram({ name, source, needs, log }) {
  const key = await contentKey(source);
  const finished = join(cacheDirectory(), `${name}-${key}`, name);
  if (existsSync(finished)) return finished;
  const work = join(cacheDirectory(), `${name}-${key}.${process.pid}.part`);
  await mkdir(dirname(finished), { recursive: true });
  await rm(work, { recursive: true, force: true });
  await cp(source, work, { recursive: true });
  log(`building ${name} with go into ${finished} (${needs}, once)`);
  try {
    // -e: packages that only tests of dependencies want may be missing from the module proxy.
    await run('go', ['mod', 'tidy', '-e'], { cwd: work, maxBuffer: MAX_OUTPUT_BYTES });
    await run('go', ['build', '-mod=mod', '-o', name, '.'], { cwd: work, maxBuffer: MAX_OUTPUT_BYTES });
    await rename(join(work, name), finished);
  } catch (error) {
    if (!existsSync(finished))
      throw new Error(`go could not build ${name}: is go installed?\n${error.stderr ?? ''}${error.message}`, {
        cause: error,
      });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return finished;
}

async function contentKey(source) {
  const hash = createHash('sha256');
  for (const file of ['go.mod', 'main.go']) hash.update(await readFile(join(source, file)));
  return hash.digest('hex').slice(0, 12);
}
