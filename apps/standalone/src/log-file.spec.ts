import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@gpubroker/testing/eventually';
import { openLogFile } from './log-file';

const OVERSIZE = 50 * 1024 * 1024;
const MINUTE_MS = 60_000;

describe('openLogFile', () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gpubroker-log-'));
    path = join(folder, 'logs', 'services.log');
  });

  afterEach(() => {
    jest.useRealTimers();
    rmSync(folder, { recursive: true, force: true });
  });

  const untilWritten = (text: string) =>
    eventually(
      () => Promise.resolve(existsSync(path) ? readFileSync(path, 'utf8') : ''),
      (written) => written.includes(text),
    );

  it('makes the folder and appends the lines', async () => {
    const first = await openLogFile(path);
    first.destination.write('one\n');
    await untilWritten('one');
    first.close();
    const second = await openLogFile(path);
    second.destination.write('two\n');
    expect(await untilWritten('two')).toBe('one\ntwo\n');
    second.close();
  });

  it('starts a new file when it finds a large one, and keeps that beside it', async () => {
    const first = await openLogFile(path);
    first.destination.write('old\n');
    await untilWritten('old');
    first.close();
    truncateSync(path, OVERSIZE);
    const second = await openLogFile(path);
    second.destination.write('new\n');
    expect(await untilWritten('new')).toBe('new\n');
    expect(statSync(`${path}.1`).size).toBe(OVERSIZE);
    second.close();
  });

  it('starts a new file within a minute when the one it writes has grown large', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'setTimeout', 'Date'] });
    const log = await openLogFile(path);
    log.destination.write('before\n');
    await untilWritten('before');
    jest.advanceTimersByTime(MINUTE_MS);
    expect(existsSync(`${path}.1`)).toBe(false);
    truncateSync(path, OVERSIZE);
    jest.advanceTimersByTime(MINUTE_MS);
    log.destination.write('after\n');
    expect(await untilWritten('after')).toBe('after\n');
    expect(statSync(`${path}.1`).size).toBe(OVERSIZE);
    log.close();
  });

  it('loses lines on a full disk, and neither the process nor its end', async () => {
    const log = await openLogFile('/dev/full');
    log.destination.write('one\n');
    await sleep(200);
    log.destination.write('two\n');
    log.close();
  });

  it('says when the file cannot be opened', async () => {
    await expect(openLogFile('/')).rejects.toMatchObject({ code: 'EISDIR' });
  });
});
