import { mkdirSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import pino, { type DestinationStream } from 'pino';

const MAX_BYTES = 50 * 1024 * 1024;
const CHECK_MS = 60_000;

export interface LogFile {
  readonly destination: DestinationStream;
  close(): void;
}

/** The services' lines in one file of bounded size, with one older file kept: the terminal stays for what a person has to know. */
export function openLogFile(path: string): LogFile {
  mkdirSync(dirname(path), { recursive: true });
  rotate(path);
  const destination = pino.destination({ dest: path, sync: false, minLength: 0 });
  const timer = setInterval(() => {
    if (rotate(path)) destination.reopen();
  }, CHECK_MS);
  timer.unref();
  return {
    destination,
    close: () => {
      clearInterval(timer);
      destination.flushSync();
    },
  };
}

function rotate(path: string): boolean {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size < MAX_BYTES) return false;
  renameSync(path, `${path}.1`);
  return true;
}
