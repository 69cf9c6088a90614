/** `npm run doctor`: looks at this machine and checkout, says what is wrong and what to do; exits with 1 if anything is. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { checkDisk, checkNode, checkPort, checkWritable, installIsCurrent } from './start/checks.mjs';
import { PORTS } from './start/ports.mjs';

const MIN_FREE_BYTES = 500 * 1024 * 1024;
const MIN_NPM = 10;

const root = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
const dataDirectory = resolve(root, process.env.GPUBROKER_DATA_DIR || '.gpubroker');
const host = process.env.HOST || '127.0.0.1';

const findings = [
  [`Node ${process.versions.node}`, checkNode()],
  ['npm', checkNpm()],
  ['installed packages', await installIsCurrent(root)],
  [`data directory ${dataDirectory}`, await checkWritable(dataDirectory)],
  ['disk space', await checkDisk(dataDirectory, MIN_FREE_BYTES)],
  ...(await Promise.all(PORTS.map(checkOnePort))),
];

for (const [what, problem] of findings) console.log(problem ? `PROBLEM  ${what}: ${problem}` : `ok       ${what}`);
const problems = findings.filter(([, problem]) => problem !== null).length;
console.log(problems === 0 ? '\nNothing is wrong here.' : `\n${problems} problem${problems === 1 ? '' : 's'} found.`);
process.exit(problems === 0 ? 0 : 1);

async function checkOnePort([variable, fallback]) {
  const port = Number(process.env[variable] || fallback);
  const problem = await checkPort(port, host);
  return [`port ${port} (${variable})`, problem && `${problem} GPUBROKER itself may be running.`];
}

function checkNpm() {
  const { stdout, error } = spawnSync('npm', ['--version'], { encoding: 'utf8', shell: process.platform === 'win32' });
  if (error) return 'npm was not found; it comes with Node.';
  const version = stdout.trim();
  return Number(version.split('.')[0]) >= MIN_NPM ? null : `npm ${version} is too old; run npm install -g npm@latest.`;
}
