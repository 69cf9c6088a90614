import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { textFrame } from './text-frame';

let server: WebSocketServer;
let client: WebSocket;
let send: (bytes: Buffer) => void;

beforeAll(async () => {
  server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  await once(server, 'listening');
  client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const [[, request]] = await Promise.all([
    once(server, 'connection') as Promise<[WebSocket, IncomingMessage]>,
    once(client, 'open'),
  ]);
  send = (bytes) => request.socket.write(bytes);
});

afterAll(() => {
  client.terminate();
  server.close();
});

/** What a real client reads. */
async function read(bytes: Buffer, messages = 1): Promise<string[]> {
  const texts: string[] = [];
  const all = new Promise<void>((resolve) => {
    const note = (data: Buffer, isBinary: boolean): void => {
      texts.push(isBinary ? 'binary' : data.toString());
      if (texts.length < messages) return;
      client.off('message', note);
      resolve();
    };
    client.on('message', note);
  });
  send(bytes);
  await all;
  return texts;
}

it.each([0, 1, 125, 126, 127, 65_535, 65_536, 70_000])('is read back at %d bytes', async (length) => {
  const text = 'x'.repeat(length);
  expect(await read(textFrame(text))).toEqual([text]);
});

it('counts bytes, not characters', async () => {
  const text = 'ü€😀'.repeat(40);
  expect(await read(textFrame(text))).toEqual([text]);
});

it('stands beside others in one buffer', async () => {
  expect(await read(Buffer.concat([textFrame('one'), textFrame('two')]), 2)).toEqual(['one', 'two']);
});
