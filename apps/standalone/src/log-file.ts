import { once } from 'node:events';
import { mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import pino, { type DestinationStream } from 'pino';

const MAX_BYTES = 50 * 1024 * 1024;
const CHECK_MS = 60_000;
/** Lines that wait for a full disk; what comes beyond is lost, so that memory does not run full after it. */
const MOST_WAITING_BYTES = 8 * 1024 * 1024;

export interface LogFile {
  readonly destination: DestinationStream;
  close(): void;
}

/**
 * The services' lines in one file of bounded size, with one older file kept: the terminal stays for what a person has to
 * know. A disk that runs full costs lines and nothing else. Settled once the file is open: a process that ends before
 * would trip over its own log. @throws the system's error when the file cannot be opened
 */
export async function openLogFile(path: string): Promise<LogFile> {
  mkdirSync(dirname(path), { recursive: true });
  rotate(path);
  const destination = pino.destination({ dest: path, sync: false, minLength: 0, maxLength: MOST_WAITING_BYTES });
  await once(destination, 'ready');
  let isStuck = false;
  destination.on('error', () => (isStuck = true)).on('write', () => (isStuck = false));
  const timer = setInterval(() => {
    if (rotate(path)) destination.reopen();
  }, CHECK_MS);
  timer.unref();
  return {
    destination,
    close: () => {
      clearInterval(timer);
      // On a full disk flushing tries for ever.
      if (!isStuck) destination.flushSync();
      destination.destroy();
    },
  };
}

function rotate(path: string): boolean {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size < MAX_BYTES) return false;
  renameSync(path, `${path}.1`);
  return true;
}
