import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startService, type RunningService } from '@gpubroker/platform/service';
import { authService } from '../src/index';
import { PASSWORD, type Problem } from './support/running-auth';

describe('with the database away', () => {
  let service: RunningService;
  let dataDirectory: string;

  beforeAll(async () => {
    dataDirectory = await mkdtemp(join(tmpdir(), 'gpubroker-auth-'));
    service = await startService(authService, {
      AUTH_PORT: '0',
      LOG_LEVEL: 'silent',
      DATABASE_URL: 'postgres://nobody:nothing@127.0.0.1:9/none',
      GPUBROKER_DATA_DIR: dataDirectory,
    });
  });
  afterAll(async () => {
    await service.stop();
    await rm(dataDirectory, { recursive: true, force: true });
  });

  it.each([
    ['login', { email: 'a@example.org', password: PASSWORD }],
    ['register', { email: 'a@example.org', password: PASSWORD, full_name: 'Ada' }],
  ])('answers %s with 503 DB_UNAVAILABLE', async (operation, body) => {
    const response = await fetch(`${service.url}/api/v2/auth/${operation}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect([response.status, ((await response.json()) as Problem).error.code]).toEqual([503, 'DB_UNAVAILABLE']);
    expect(response.headers.get('retry-after')).not.toBeNull();
  });

  it('is alive, not able to serve, and still publishes its own key', async () => {
    const status = async (path: string) => (await fetch(`${service.url}${path}`)).status;
    expect(await status('/health?probe=live')).toBe(200);
    expect(await status('/health')).toBe(503);
    expect(await status('/.well-known/jwks.json')).toBe(200);
    expect(await status('/api/v2/auth/me')).toBe(401);
  });
});
