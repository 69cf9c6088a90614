import { spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@gpubroker/testing/eventually';
import { claimDirectory } from './directory-owner';
import { diagnose } from './embedded-postgres.error';
import { stopOrphan } from './orphan';
import { copyOut, linkLibraries } from './postgres-binaries';
import { isReachable } from './run-as';
import { findProcess } from './running-process';
import { fallbackDataDirectory, stateDirectory } from './state-directory';

const folder = mkdtempSync(join(tmpdir(), 'gpubroker-launcher-'));
chmodSync(folder, 0o755);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('diagnose', () => {
  it.each([
    ['FATAL:  could not write to file "base/1/2": No space left on device', 'disk-full'],
    ['LOG:  could not bind IPv4 address "127.0.0.1": Address already in use', 'port-in-use'],
    ['FATAL:  lock file "postmaster.pid" already exists', 'stale-lock'],
    ['FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use', 'stale-lock'],
    ['FATAL:  data directory "/x" has wrong ownership', 'data-directory'],
    ['postgres: error while loading shared libraries: libicui18n.so.60', 'binaries-missing'],
    ['FATAL:  something else', 'failed'],
  ])('reads %s as %s', (line, reason) => {
    const error = diagnose([line], 'PostgreSQL did not start');

    expect(error.reason).toBe(reason);
    expect(error.message).toContain(line);
  });
});

describe('stopOrphan', () => {
  it('finds nothing where there is no lock, a broken lock, or a dead pid', async () => {
    for (const content of [null, 'nonsense', '4194304\n']) {
      const directory = mkdtempSync(join(folder, 'lock-'));
      if (content !== null) writeFileSync(join(directory, 'postmaster.pid'), content);
      expect(await stopOrphan(directory)).toBeNull();
    }
  });

  it('spares a stranger that got the pid after a reboot, and clears the lock', async () => {
    const stranger = spawn('sleep', ['30']);
    const command = () => findProcess(stranger.pid ?? 0)?.command ?? '';
    // While it is being loaded it has no command line yet.
    await eventually(
      () => Promise.resolve(command()),
      (line) => line.includes('sleep'),
    );
    const lock = join(folder, 'postmaster.pid');
    writeFileSync(lock, `${String(stranger.pid)}\n${folder}\n`);

    expect(await stopOrphan(folder)).toBeNull();
    expect(existsSync(lock)).toBe(false);
    expect(command()).toContain('sleep');
    stranger.kill();
  });
});

describe('claimDirectory', () => {
  it('takes over what a dead process or a broken file claims', () => {
    const directory = join(folder, 'claimed');
    for (const claim of [
      '{"pid":4194304,"startedAt":"1"}',
      `{"pid":${process.pid},"startedAt":"0"}`,
      'nonsense',
      'null',
    ]) {
      writeFileSync(`${directory}.owner`, claim);
      const { release } = claimDirectory(directory);
      expect(readFileSync(`${directory}.owner`, 'utf8')).toContain(String(process.pid));
      release();
    }
    expect(existsSync(`${directory}.owner`)).toBe(false);
  });
});

describe('folders for another user', () => {
  const stranger = { uid: 12345, gid: 12345 };

  it('are reachable when every folder above lets them through', () => {
    mkdirSync(join(folder, 'private'), { mode: 0o700 });

    expect(isReachable(join(folder, 'not-made-yet', 'data'), stranger)).toBe(true);
    expect(isReachable(join(folder, 'private', 'data'), stranger)).toBe(false);
    expect(isReachable(join(folder, 'private', 'data'), null)).toBe(true);
  });

  it('are judged by owner first, then by group', () => {
    const { uid, gid } = lstatSync(join(folder, 'private'));

    expect(isReachable(join(folder, 'private', 'data'), { uid, gid: 12345 })).toBe(true);
    expect(isReachable(join(folder, 'private', 'data'), { uid: 12345, gid })).toBe(false);
  });

  it('are found among the candidates, and a planted link is not taken', () => {
    symlinkSync(folder, join(folder, 'planted'));
    writeFileSync(join(folder, 'file'), '');
    const state = join(folder, 'state');

    expect(
      stateDirectory(stranger, [
        join(folder, 'planted'),
        join(folder, 'file', 'x'),
        join(folder, 'private', 'x'),
        state,
      ]),
    ).toBe(state);
    expect(() => stateDirectory(stranger, [])).toThrow(/no folder was found/);
  });

  it('give every requested data directory its own place', () => {
    const places = ['/a/data', '/b/data', '/a/data'].map((requested) => fallbackDataDirectory(requested, '/state'));

    expect(places[0]).toBe(places[2]);
    expect(places[0]).not.toBe(places[1]);
  });
});

describe('the package with the programs', () => {
  const packageDirectory = join(folder, 'package');
  beforeAll(() => {
    mkdirSync(join(packageDirectory, 'native', 'lib'), { recursive: true });
    writeFileSync(join(packageDirectory, 'package.json'), '{"version":"18.0.0"}');
    writeFileSync(join(packageDirectory, 'native', 'lib', 'libicu.so.60.2'), 'library');
    writeFileSync(
      join(packageDirectory, 'native', 'pg-symlinks.json'),
      '[{"source":"native/lib/libicu.so.60.2","target":"native/lib/libicu.so.60"}]',
    );
  });

  it('gets the links that an install without scripts left out', () => {
    linkLibraries(packageDirectory);
    linkLibraries(packageDirectory);

    expect(readFileSync(join(packageDirectory, 'native', 'lib', 'libicu.so.60'), 'utf8')).toBe('library');
  });

  it('needs no links where none are listed', () => {
    expect(() => {
      linkLibraries(folder);
    }).not.toThrow();
  });

  it('is copied once per version, links kept', () => {
    const state = join(folder, 'copies');
    mkdirSync(state);
    const copy = copyOut(packageDirectory, state);
    cpSync(join(packageDirectory, 'package.json'), join(copy, 'mark'));

    expect(copyOut(packageDirectory, state)).toBe(copy);
    expect(existsSync(join(copy, 'mark'))).toBe(true);
    expect(lstatSync(join(copy, 'lib', 'libicu.so.60')).isSymbolicLink()).toBe(true);
  });
});
