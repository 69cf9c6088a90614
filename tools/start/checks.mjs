/**
 * What has to be so before GPUBROKER can start; shared by `npm start`, `npm test` and `npm run doctor`. Only Node's own
 * modules are used: these checks run before anything is installed. Each returns null, or a sentence that says what to do.
 */
import { constants } from 'node:fs';
import * as files from 'node:fs/promises';
import { access, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';

/** As `engines` in package.json says: the first release that can `require` ES modules. */
export const MIN_NODE = [20, 19, 0];

/** @param {string} [version] without the leading v */
export function checkNode(version = process.versions.node) {
  const found = version.split(/[.-]/, 3).map(Number);
  const at = MIN_NODE.findIndex((part, index) => found[index] !== part);
  if (at === -1 || found[at] > MIN_NODE[at]) return null;
  return `Node ${version} is too old; install Node ${MIN_NODE.join('.')} or newer (https://nodejs.org).`;
}

/**
 * @param {number} port
 * @param {string} [host] address that will be listened on
 */
export function checkPort(port, host = '127.0.0.1') {
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    return Promise.resolve(`${port} is no port; use a whole number from 0 to 65535.`);
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error) => {
      resolve(portProblem(error, port, host));
    });
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(null)));
  });
}

function portProblem(error, port, host) {
  if (error.code === 'EADDRINUSE')
    return `Port ${port} on ${host} is in use; stop what listens there, or choose another port (PORT for the gateway).`;
  if (error.code === 'EACCES') return `Port ${port} may not be used by this user; choose one above 1023.`;
  if (error.code === 'EADDRNOTAVAIL') return `${host} is no address of this machine; set HOST to one that is.`;
  return `Port ${port} on ${host} cannot be used: ${error.message}.`;
}

/**
 * @param {string} directory existing or to be made
 * @param {number} minBytes
 */
// By the namespace: a Node without statfs has to get as far as being called too old.
export async function checkDisk(directory, minBytes) {
  const { bavail, bsize } = await files.statfs(await nearestExisting(directory));
  const free = bavail * bsize;
  if (free >= minBytes) return null;
  return `Only ${megabytes(free)} MB are free for ${directory} and ${megabytes(minBytes)} MB are needed; free some disk space or set GPUBROKER_DATA_DIR to another disk.`;
}

const megabytes = (bytes) => Math.floor(bytes / 1_000_000);

/** Makes the directory if need be, and writes into it: permission bits say nothing about a read-only or full disk. */
export async function checkWritable(directory) {
  const probe = join(directory, `.write-check-${process.pid}`);
  try {
    await makeDirectory(directory);
    await writeFile(probe, 'x');
    return null;
  } catch (error) {
    return `${directory} cannot be written (${error.code ?? error.message}); make it writable for this user or set GPUBROKER_DATA_DIR to another directory.`;
  } finally {
    await rm(probe, { force: true }).catch(() => undefined);
  }
}

/** One level at a time: Node's recursive mkdir never ends below a file system that refuses directories, as /proc. */
async function makeDirectory(directory) {
  if (await exists(directory)) return;
  await makeDirectory(dirname(directory));
  await mkdir(directory);
}

/**
 * Compares the lock file with what npm noted that it installed, and with what is really there.
 * @param {string} root directory of package-lock.json
 */
export async function installIsCurrent(root) {
  const wanted = await readLock(join(root, 'package-lock.json'));
  if (!wanted) return 'package-lock.json is missing or unreadable; restore it from git.';
  const installed = await readLock(join(root, 'node_modules', '.package-lock.json'));
  if (!installed) return 'The packages are not installed; run npm ci.';
  for (const [path, { version, optional, link }] of Object.entries(wanted)) {
    // Optional packages are often for another platform; our own workspaces stand in the lock under their folders.
    if (optional || link || !path.includes('node_modules/')) continue;
    if (installed[path]?.version !== version || !(await exists(join(root, path, 'package.json'))))
      return `The installed packages differ from package-lock.json (${path}); run npm ci.`;
  }
  return null;
}

async function readLock(file) {
  try {
    return JSON.parse(await readFile(file, 'utf8')).packages ?? null;
  } catch {
    return null;
  }
}

const exists = (path) =>
  access(path, constants.F_OK).then(
    () => true,
    () => false,
  );

async function nearestExisting(directory) {
  for (let path = directory; ; path = dirname(path)) {
    const found = await stat(path).catch(() => null);
    if (found || path === dirname(path)) return path;
  }
}
