import { randomUUID } from 'node:crypto';
import type { IntegrationDto, IntegrationListDto } from '@gpubroker/contracts/integrations';
import { startService, type RunningService } from '@gpubroker/platform/service';
import { eventually } from '@gpubroker/testing/eventually';
import { freshDatabase, type FreshDatabase } from '@gpubroker/testing/postgres';
import { TokenSigner } from '@gpubroker/testing/tokens';
import { Client } from 'pg';
import { providersService } from '../../src/index';
import { LambdaCloud } from './lambda-cloud';

export const SECRETS_KEY = Buffer.alloc(32, 7).toString('base64');
export const INTEGRATIONS = '/api/v2/config/integrations';

export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
  /** As it came. */
  readonly text: string;
}

export interface Problem {
  readonly error: { code: string; message: string; details: { field: string; message: string }[] | null };
}

/** One signed-in person. */
export interface Person {
  readonly tenantId: string;
  readonly userId: string;
  readonly token: string;
  list(): Promise<IntegrationDto[]>;
  statusOf(provider: string): Promise<IntegrationDto>;
  set(provider: string, credentials: Record<string, unknown>): Promise<Answer<IntegrationDto & Problem>>;
  post(body: unknown): Promise<Answer<IntegrationDto & Problem>>;
  remove(provider: string): Promise<Answer<IntegrationDto & Problem>>;
}

/** The service over a real PostgreSQL and a cloud that the test controls, everything it says kept. */
export interface RunningIntegrations {
  readonly service: RunningService;
  readonly cloud: LambdaCloud;
  readonly database: FreshDatabase;
  /** Everything that was logged, as one text. */
  log(): string;
  person(claims?: { roles?: string[]; tenant_id?: string }): Promise<Person>;
  ask<Body>(method: string, path: string, body?: unknown, token?: string): Promise<Answer<Body>>;
  sql<Row>(text: string, values?: unknown[]): Promise<Row[]>;
  stop(): Promise<void>;
}

/** Waits until it is healthy, unless it was given a database of its own: that one may be away. */
export async function startIntegrations(env: Record<string, string> = {}): Promise<RunningIntegrations> {
  const [database, cloud, signer] = [await freshDatabase(), new LambdaCloud(), TokenSigner.withNewKey()];
  const lines: string[] = [];
  const service = await startService(
    providersService,
    {
      NODE_ENV: 'test',
      LOG_LEVEL: 'trace',
      PROVIDERS_PORT: '0',
      LIVE_CLOUDS: 'off',
      MATH_ENRICHMENT: 'off',
      CLOUD_EMULATOR_URL: 'http://127.0.0.1:9',
      DATABASE_URL: database.url,
      LAMBDA_BASE_URL: await cloud.start(),
      UPSTREAM_TIMEOUT_MS: '400',
      PROVIDER_BREAKER_OPEN_MS: '500',
      PROVIDER_BREAKER_TRIALS: '1',
      INTEGRATION_CHECK_MS: '1000',
      INTEGRATION_RECHECK_SECONDS: '1',
      SECRETS_KEY,
      ...signer.env,
      ...env,
    },
    { logDestination: { write: (line: string) => void lines.push(line) } },
  );
  const client = new Client({ connectionString: database.url });
  client.on('error', () => undefined);
  await client.connect();
  const ask = asker(service.url);
  if (env['DATABASE_URL'] === undefined)
    await eventually(
      () => ask('GET', '/health'),
      ({ status }) => status === 200,
    );
  return {
    service,
    cloud,
    database,
    log: () => lines.join(''),
    ask,
    person: async ({ roles = ['tenant_admin'], tenant_id: tenantId = randomUUID() } = {}) => {
      const userId = randomUUID();
      return personWith(
        ask,
        tenantId,
        userId,
        await signer.sign({ claims: { roles, tenant_id: tenantId, uid: userId } }),
      );
    },
    sql: async <Row>(text: string, values?: unknown[]) => (await client.query(text, values)).rows as Row[],
    stop: async () => {
      await service.stop();
      await cloud.stop();
      await client.end();
      await database.drop();
    },
  };
}

function asker(url: string): RunningIntegrations['ask'] {
  return async <Body>(method: string, path: string, body?: unknown, token?: string): Promise<Answer<Body>> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: JSON.parse(text) as Body };
  };
}

function personWith(ask: RunningIntegrations['ask'], tenantId: string, userId: string, token: string): Person {
  const list = async () => (await ask<IntegrationListDto>('GET', INTEGRATIONS, undefined, token)).body.items;
  return {
    tenantId,
    userId,
    token,
    list,
    statusOf: async (provider) => (await list()).find((item) => item.provider === provider)!,
    set: (provider, credentials) => ask('POST', INTEGRATIONS, { provider, credentials }, token),
    post: (body) => ask('POST', INTEGRATIONS, body, token),
    remove: (provider) => ask('DELETE', `${INTEGRATIONS}/${provider}`, undefined, token),
  };
}
