import type { ServerResponse } from 'node:http';
import { pino } from 'pino';
import { eventually } from '@gpubroker/testing/eventually';
import { LocalServer } from '@gpubroker/testing/local-server';
import { openSecretBox, VaultSecretBox, type SecretContext, type VaultSettings } from '../src/secrets';

const CONTEXT: SecretContext = ['integration', 'tenant', 'runpod'];
const KEY = 'rpa_THE-KEY-OF-A-TENANT';
const TOKEN = 'hvs.THE-TOKEN-OF-VAULT';

type Answer = (response: ServerResponse, path: string) => void;

const status =
  (code: number, body = '{"errors":["refused"]}'): Answer =>
  (response) => {
    response.writeHead(code, { 'content-type': 'application/json' }).end(body);
  };
const hang: Answer = () => undefined;
const reset: Answer = (response) => {
  response.destroy();
};

/** Ways of failing that a real Vault cannot be brought to at will; what it does when it works is in test-distributed. */
describe('a Vault that misbehaves', () => {
  let server: LocalServer;
  let answer: Answer;
  let paths: string[];
  let problems: unknown[];
  let box: VaultSecretBox;

  const settings = (): VaultSettings => ({
    address: server.url,
    token: TOKEN,
    transitPath: 'transit',
    transitKey: 'gpubroker',
    timeoutMs: 300,
    breaker: { failures: 5, withinMs: 30_000, openForMs: 60_000, trials: 3 },
  });

  const sealing = (): Promise<unknown> => box.seal(CONTEXT, KEY).catch((error: unknown) => error);

  beforeEach(async () => {
    paths = [];
    problems = [];
    answer = status(200, '{"data":{"ttl":0}}');
    server = await LocalServer.start((request, response) => {
      paths.push(request.url ?? '');
      answer(response, request.url ?? '');
    });
    box = new VaultSecretBox(settings(), (error) => problems.push(error));
    await eventually(
      () => Promise.resolve(paths.length),
      (count) => count === 1,
    );
  });

  afterEach(async () => {
    await box.close();
    await server.stop();
  });

  it.each<[string, Answer]>([
    ['is sealed', status(503)],
    ['fails', status(500)],
    ['refuses the token', status(403)],
    ['has no such engine', status(404)],
    ['answers with a web page', status(200, '<html>THE-KEY</html>')],
    ['answers with another form', status(200, `{"data":{"ciphertext":"${KEY}"}}`)],
    ['hangs', hang],
    ['breaks the connection', reset],
  ])('is unavailable to the caller when it %s, and says no secret', async (_case, how) => {
    answer = how;
    const error = await sealing();
    expect(error).toMatchObject({ code: 'SERVICE_UNAVAILABLE', status: 503 });
    const { cause } = (error as { options: { cause: unknown } }).options;
    expect(`${String(error)} ${String(cause)} ${JSON.stringify(cause)}`).not.toMatch(/THE-KEY|THE-TOKEN/);
  });

  it('is no longer asked after five failures', async () => {
    answer = status(503);
    for (let tries = 0; tries < 7; tries += 1) await sealing();
    expect(paths.filter((path) => path === '/v1/transit/encrypt/gpubroker')).toHaveLength(5);
    expect(await sealing()).toMatchObject({ code: 'SERVICE_UNAVAILABLE', options: { retryAfterSeconds: 60 } });
    expect(box.breaker.state.kind).toBe('open');
  });

  it('that refuses is an answer, and goes on being asked', async () => {
    answer = status(403);
    for (let tries = 0; tries < 7; tries += 1) await sealing();
    expect(box.breaker.state.kind).toBe('closed');
  });

  it('that cannot open a text says so for good', async () => {
    answer = status(400, '{"errors":["cipher: message authentication failed"]}');
    await expect(box.open(CONTEXT, 'vault:v1:AAAA')).rejects.toMatchObject({ isSecretUnreadable: true });
  });

  it('that refuses a decryption for another reason is unavailable: the text may still be good', async () => {
    answer = status(400, '{"errors":["encryption key not found"]}');
    await expect(box.open(CONTEXT, 'vault:v1:AAAA')).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  it('whose token cannot be renewed is reported at once', async () => {
    answer = status(200, '{"data":{"ttl":120,"renewable":false}}');
    const other = new VaultSecretBox(settings(), (error) => problems.push(error));
    await eventually(
      () => Promise.resolve(problems.map(String)),
      (said) => said.some((text) => text.includes('ends in 120 s')),
    );
    await other.close();
  });

  it('renews a token at half its time', async () => {
    answer = (response, path) => {
      const body = path.endsWith('renew-self')
        ? '{"auth":{"lease_duration":2}}'
        : '{"data":{"ttl":2,"renewable":true}}';
      status(200, body)(response, path);
    };
    const other = new VaultSecretBox(settings());
    await eventually(
      () => Promise.resolve(paths.filter((path) => path === '/v1/auth/token/renew-self').length),
      (count) => count >= 2,
    );
    await other.close();
  });

  it('that refuses the renewal is reported', async () => {
    answer = (response, path) => {
      status(path.endsWith('renew-self') ? 403 : 200, '{"data":{"ttl":2,"renewable":true}}')(response, path);
    };
    const other = new VaultSecretBox(settings(), (error) => problems.push(error));
    await eventually(
      () => Promise.resolve(problems.map(String)),
      (said) => said.includes('VaultRefusedError: Vault answered 403 to auth/token/renew-self'),
    );
    await other.close();
  });
});

it('a box opens while its Vault is away, and says in the log that the token could not be looked at', async () => {
  const lines: string[] = [];
  const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) });
  const vault: VaultSettings = {
    address: 'http://127.0.0.1:9',
    token: TOKEN,
    transitPath: 'transit',
    transitKey: 'gpubroker',
    timeoutMs: 300,
    breaker: { failures: 5, withinMs: 30_000, openForMs: 60_000, trials: 3 },
  };
  const box = await openSecretBox({ kind: 'vault', vault }, logger);
  await expect(box.seal(CONTEXT, KEY)).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  await eventually(
    () => Promise.resolve(lines.join('')),
    (text) => text.includes('the Vault token could not be kept alive'),
  );
  expect(lines.join('')).not.toContain(TOKEN);
  await box.close();
});
