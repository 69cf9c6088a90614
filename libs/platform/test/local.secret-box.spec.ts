import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { LocalSecretBox, openSecretBox, readSealingKeys, type SecretBox, type SecretContext } from '../src/secrets';
import { describeSecretBox } from './secret-box.conformance';

const OLD = Buffer.alloc(32, 1).toString('base64');
const NEW = Buffer.alloc(32, 2).toString('base64');
const CONTEXT: SecretContext = ['integration', 'tenant', 'runpod'];

describeSecretBox('LocalSecretBox', () => Promise.resolve(new LocalSecretBox(readSealingKeys(OLD))));

describe('keys', () => {
  it('open what an earlier key sealed, and seal with the first', async () => {
    const sealed = await new LocalSecretBox(readSealingKeys(OLD)).seal(CONTEXT, 'secret');
    const rotated = new LocalSecretBox(readSealingKeys(`${NEW}, ${OLD}`));
    expect(await rotated.open(CONTEXT, sealed)).toBe('secret');
    const again = await rotated.seal(CONTEXT, 'secret');
    expect(await new LocalSecretBox(readSealingKeys(NEW)).open(CONTEXT, again)).toBe('secret');
  });

  it('that were taken away open nothing any more', async () => {
    const sealed = await new LocalSecretBox(readSealingKeys(OLD)).seal(CONTEXT, 'secret');
    await expect(new LocalSecretBox(readSealingKeys(NEW)).open(CONTEXT, sealed)).rejects.toMatchObject({
      isSecretUnreadable: true,
    });
  });

  it('survive being written in the other base64 alphabet', () => {
    const bytes = Buffer.alloc(32, 0xfb);
    const [standard, url] = [bytes.toString('base64'), bytes.toString('base64url')].map(
      (text) => readSealingKeys(text)[0].id,
    );
    expect(url).toBe(standard);
  });
});

describe('the key file', () => {
  let directory: string;
  const open = (): Promise<SecretBox> =>
    openSecretBox({ kind: 'key_file', path: join(directory, 'secrets', 'sealing.key') }, pino({ level: 'silent' }));

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'gpubroker-secrets-'));
  });

  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('is made at the first start, for its owner alone', async () => {
    await open();
    expect((await stat(join(directory, 'secrets', 'sealing.key'))).mode & 0o777).toBe(0o600);
    expect((await stat(join(directory, 'secrets'))).mode & 0o777).toBe(0o700);
  });

  it('opens after a restart what was sealed before', async () => {
    const sealed = await (await open()).seal(CONTEXT, 'secret');
    expect(await (await open()).open(CONTEXT, sealed)).toBe('secret');
  });

  it('is one, however many start at once', async () => {
    const boxes = await Promise.all(Array.from({ length: 20 }, open));
    const sealed = await boxes[0]!.seal(CONTEXT, 'secret');
    for (const box of boxes) expect(await box.open(CONTEXT, sealed)).toBe('secret');
    expect(await readdir(join(directory, 'secrets'))).toEqual(['sealing.key']);
  });

  it('that holds no key ends the start, without saying what it holds', async () => {
    await open();
    const path = join(directory, 'secrets', 'sealing.key');
    await writeFile(path, (await readFile(path, 'utf8')).slice(0, 20));
    const error = await open().catch((reason: unknown) => reason);
    expect(String(error)).toBe('RangeError: a sealing key has 32 bytes');
  });
});
