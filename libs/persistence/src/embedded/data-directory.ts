import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { diagnose, EmbeddedPostgresError } from './embedded-postgres.error';
import type { PostgresBinaries } from './postgres-binaries';
import type { RunAs } from './run-as';

/** The one role of an embedded cluster; its password is made when the cluster is. */
export const SUPERUSER = 'gpubroker';
export const POSTGRES_MAJOR = '18';
const PASSWORD_FILE = 'gpubroker.password';
const CLEAN_ENVIRONMENT = { LC_ALL: 'C', TZ: 'UTC' };

export interface PreparedDirectory {
  readonly created: boolean;
  readonly password: string;
}

/**
 * Makes the cluster when the directory holds none, and hands an existing one to the user that will run it.
 * @throws EmbeddedPostgresError when the directory holds something else, another major version, or cannot be used.
 */
export async function prepareDataDirectory(
  dataDirectory: string,
  options: { binaries: PostgresBinaries; runAs: RunAs | null; durable: boolean },
): Promise<PreparedDirectory> {
  removeUnfinished(dataDirectory);
  const created = isMissingOrEmpty(dataDirectory);
  if (created) await createCluster(dataDirectory, options);
  requireCluster(dataDirectory);
  giveTo(dataDirectory, options.runAs);
  return { created, password: readFileSync(join(dataDirectory, PASSWORD_FILE), 'utf8').trim() };
}

/** The parent must let the other user through, so only the data directory itself is private. */
export function makeParent(dataDirectory: string): void {
  mkdirSync(dirname(dataDirectory), { recursive: true, mode: 0o755 });
}

function isMissingOrEmpty(directory: string): boolean {
  try {
    return readdirSync(directory).length === 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return true;
    throw new EmbeddedPostgresError('data-directory', `${directory} cannot be read: ${(error as Error).message}`);
  }
}

function requireCluster(directory: string): void {
  const version = readIfThere(join(directory, 'PG_VERSION'))?.trim();
  if (version === undefined || readIfThere(join(directory, PASSWORD_FILE)) === undefined)
    throw new EmbeddedPostgresError(
      'data-directory',
      `${directory} is not empty and holds no cluster of GPUBROKER. Choose another directory, or move its content away.`,
    );
  if (version !== POSTGRES_MAJOR)
    throw new EmbeddedPostgresError(
      'data-directory',
      `${directory} was made by PostgreSQL ${version}; this is PostgreSQL ${POSTGRES_MAJOR}. Dump it with the old release and load it here.`,
    );
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new EmbeddedPostgresError('data-directory', `${path} cannot be read: ${(error as Error).message}`);
  }
}

/** Built beside the final place and renamed: a start that is killed half way leaves no directory that looks complete. */
async function createCluster(
  dataDirectory: string,
  { binaries, runAs, durable }: { binaries: PostgresBinaries; runAs: RunAs | null; durable: boolean },
): Promise<void> {
  const unfinished = `${dataDirectory}${UNFINISHED}${process.pid}`;
  const password = randomBytes(24).toString('hex');
  const passwordFile = `${unfinished}.password`;
  mkdirSync(unfinished, { mode: 0o700 });
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600, flag: 'wx' });
  if (runAs) for (const path of [unfinished, passwordFile]) chownSync(path, runAs.uid, runAs.gid);
  await initdb(binaries.initdb, unfinished, passwordFile, runAs, durable);
  renameSync(passwordFile, join(unfinished, PASSWORD_FILE));
  if (isDirectory(dataDirectory)) rmdirSync(dataDirectory);
  renameSync(unfinished, dataDirectory);
}

async function initdb(
  program: string,
  directory: string,
  passwordFile: string,
  runAs: RunAs | null,
  durable: boolean,
): Promise<void> {
  const flags = [
    `--pgdata=${directory}`,
    `--username=${SUPERUSER}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // Not plain C: upper() and lower() would leave every letter outside ASCII alone. Needs no locale of the system.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...(durable ? [] : ['--no-sync']),
  ];
  try {
    await promisify(execFile)(program, flags, { ...runAs, env: CLEAN_ENVIRONMENT, cwd: directory });
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    throw diagnose(
      (stderr ?? message).trim().split('\n').slice(-8),
      `The database in ${directory} could not be created`,
    );
  }
}

const UNFINISHED = '.unfinished-';

function removeUnfinished(dataDirectory: string): void {
  const prefix = `${basename(dataDirectory)}${UNFINISHED}`;
  for (const name of readdirSync(dirname(dataDirectory)))
    if (name.startsWith(prefix)) rmSync(join(dirname(dataDirectory), name), { recursive: true, force: true });
}

function isDirectory(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** The last start may have been by another user; PostgreSQL refuses a directory that is not its own. */
function giveTo(directory: string, runAs: RunAs | null): void {
  const owner = lstatSync(directory).uid;
  const wanted = runAs?.uid ?? process.getuid?.();
  if (wanted === undefined || owner === wanted) return;
  if (runAs === null)
    throw new EmbeddedPostgresError(
      'data-directory',
      `${directory} belongs to the user with id ${owner}: it was last used by root. Start as root once more, or change its owner.`,
    );
  chownAll(directory, runAs);
  chmodSync(directory, 0o700);
}

function chownAll(path: string, runAs: RunAs): void {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return;
  chownSync(path, runAs.uid, runAs.gid);
  if (stat.isDirectory()) for (const name of readdirSync(path)) chownAll(join(path, name), runAs);
}
