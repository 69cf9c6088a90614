import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PORTS } from './start/ports.mjs';

/** The product may be running beside its tests. */
const FREE_PORTS = Object.fromEntries(PORTS.map(([variable]) => [variable, '0']));
let dataDirectory: string;

beforeAll(() => {
  dataDirectory = mkdtempSync(join(tmpdir(), 'gpubroker-doctor-'));
});
afterAll(() => {
  rmSync(dataDirectory, { recursive: true, force: true });
});

function doctor(env: Record<string, string>): { status: number | null; stdout: string } {
  return spawnSync(process.execPath, [join(__dirname, 'doctor.mjs')], {
    encoding: 'utf8',
    env: { PATH: process.env.PATH, GPUBROKER_DATA_DIR: dataDirectory, ...FREE_PORTS, ...env },
  });
}

describe('doctor', () => {
  it('finds nothing wrong with the checkout that runs its tests', () => {
    const { status, stdout } = doctor({});
    expect(stdout).toContain('Nothing is wrong here.');
    expect(status).toBe(0);
  });

  it('names every problem, what to do about it, and ends with 1', async () => {
    const holder = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => holder.once('listening', resolve));
    const port = String((holder.address() as AddressInfo).port);
    const { status, stdout } = doctor({ PORT: port, GPUBROKER_DATA_DIR: join(__filename, 'below') });
    await new Promise((resolve) => holder.close(resolve));
    expect(stdout).toMatch(new RegExp(`PROBLEM {2}port ${port} \\(PORT\\): .* is in use`));
    expect(stdout).toMatch(/PROBLEM {2}data directory .* cannot be written/);
    expect(stdout).toContain('2 problems found.');
    expect(status).toBe(1);
  });
});
