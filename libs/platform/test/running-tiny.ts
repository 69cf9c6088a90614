import { connect } from 'node:net';
import { startService, type RunningService } from '@gpubroker/platform/service';
import { tinyService, type TinyScript } from './tiny-service';

export interface LogLine {
  readonly [member: string]: unknown;
  readonly level: string;
  readonly message: string;
}

export interface RunningTiny extends RunningService {
  /** Everything that was written to the log so far, as one text and as lines. */
  readonly log: { text(): string; lines(): LogLine[]; clear(): void };
  ask(path: string, init?: RequestInit): Promise<Response>;
}

export async function startTiny(
  script: TinyScript = {},
  env: Record<string, string> = {},
  name = 'tiny',
): Promise<RunningTiny> {
  const written: string[] = [];
  const running = await startService(
    tinyService(script, name),
    { NODE_ENV: 'test', [`${name.toUpperCase()}_PORT`]: '0', ...env },
    { logDestination: { write: (line: string) => void written.push(line) } },
  );
  return {
    ...running,
    log: {
      text: () => written.join(''),
      lines: () => written.map((line) => JSON.parse(line) as LogLine),
      clear: () => void written.splice(0),
    },
    ask: (path, init) => fetch(`${running.url}${path}`, init),
  };
}

export const asJson = (body: string, type = 'application/json'): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': type },
  body,
});

/** Sends bytes as they are and returns all that comes back until the server closes. */
export function sendRaw(
  port: number,
  bytes: string | Buffer,
  options: { hangUpAfterMs?: number } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    const { hangUpAfterMs } = options;
    socket.on('connect', () => {
      socket.write(bytes);
      if (hangUpAfterMs !== undefined) setTimeout(() => socket.destroy(), hangUpAfterMs);
    });
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.on('error', reject);
    socket.on('close', () => {
      resolve(Buffer.concat(chunks).toString());
    });
  });
}
