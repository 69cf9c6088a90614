import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir, platform } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Where fetched and built servers are kept, outside the checkout: GPUBROKER_CACHE_DIR, else the system's cache folder. */
export function cacheDirectory(env = process.env) {
  if (env.GPUBROKER_CACHE_DIR) return env.GPUBROKER_CACHE_DIR;
  const base =
    platform() === 'darwin' ? join(homedir(), 'Library/Caches') : (env.XDG_CACHE_HOME ?? join(homedir(), '.cache'));
  return join(base, 'gpubroker');
}

/**
 * A folder with the jars of these Maven coordinates and all they need; fetched once per name, then found again.
 * The folder is renamed into place when complete, so that a broken download is never taken for a finished one.
 * @param {{ name: string, coordinates: string[], log: (line: string) => void }} request name is the cache key: put the version in it
 * @returns {Promise<string>}
 */
export async function mavenJars({ name, coordinates, log }) {
  const finished = join(cacheDirectory(), name, 'libs');
  if (existsSync(finished)) return finished;
  const work = join(cacheDirectory(), `${name}.${process.pid}.part`);
  await mkdir(work, { recursive: true });
  await mkdir(join(cacheDirectory(), name), { recursive: true });
  log(`fetching ${coordinates.join(', ')} with Maven into ${finished} (about a minute, once)`);
  await writeFile(join(work, 'pom.xml'), pom(coordinates));
  try {
    await run('mvn', [
      '-q',
      '-B',
      '-f',
      join(work, 'pom.xml'),
      'dependency:copy-dependencies',
      `-DoutputDirectory=${join(work, 'libs')}`,
    ]);
    await rename(join(work, 'libs'), finished);
  } catch (error) {
    if (!existsSync(finished))
      throw new Error(`Maven could not fetch ${name}: is mvn installed?\n${error.stdout ?? ''}${error.message}`, {
        cause: error,
      });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return finished;
}

function pom(coordinates) {
  const dependencies = coordinates.map((coordinate) => {
    const [group, artifact, version] = coordinate.split(':');
    return `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`;
  });
  return `<project><modelVersion>4.0.0</modelVersion><groupId>gpubroker</groupId><artifactId>servers</artifactId><version>1</version><dependencies>${dependencies.join('')}</dependencies></project>\n`;
}
