import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TokenPairDto } from '@gpubroker/contracts/auth';
import { startService, type RunningService } from '@gpubroker/platform/service';
import { eventually } from '@gpubroker/testing/eventually';
import { freshDatabase, type FreshDatabase } from '@gpubroker/testing/postgres';
import { Client } from 'pg';
import { authService } from '../../src/index';

export const PASSWORD = 'four-quiet-llamas-rent-gpus';

export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** A failure in the form of SPEC G3. */
export interface Problem {
  readonly detail: string;
  readonly error: { code: string; message: string; details: { field: string; message: string }[] | null };
}

/** The service over a real PostgreSQL and a data directory of its own. */
export interface RunningAuth {
  readonly service: RunningService;
  readonly database: FreshDatabase;
  readonly dataDirectory: string;
  /** Everything that was logged, as one text. */
  log(): string;
  get<Body>(path: string, token?: string, headers?: Record<string, string>): Promise<Answer<Body>>;
  post<Body>(path: string, body?: unknown, token?: string, headers?: Record<string, string>): Promise<Answer<Body>>;
  delete<Body>(path: string, token?: string): Promise<Answer<Body>>;
  register(email: string, more?: Record<string, unknown>): Promise<Answer<{ id: string } & Problem>>;
  login(email: string, password?: string): Promise<Answer<TokenPairDto & Problem>>;
  /** A registered user, signed in. */
  signedIn(email: string): Promise<TokenPairDto>;
  sql<Row>(text: string, values?: unknown[]): Promise<Row[]>;
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly env?: Record<string, string>;
  readonly database?: FreshDatabase;
  /** By which way the service reaches `database`; straight when absent. */
  readonly databaseUrl?: string;
  /** False: the start does not wait until /health is 200. */
  readonly untilHealthy?: boolean;
  readonly dataDirectory?: string;
}

export async function startAuth(options: StartOptions = {}): Promise<RunningAuth> {
  const database = options.database ?? (await freshDatabase());
  const dataDirectory = options.dataDirectory ?? (await mkdtemp(join(tmpdir(), 'gpubroker-auth-')));
  const lines: string[] = [];
  const service = await startService(
    authService,
    {
      NODE_ENV: 'test',
      AUTH_PORT: '0',
      DATABASE_URL: options.databaseUrl ?? database.url,
      GPUBROKER_DATA_DIR: dataDirectory,
      REGISTRATION_LIMIT_PER_MINUTE: '999999',
      ...options.env,
    },
    { logDestination: { write: (line: string) => void lines.push(line) } },
  );
  const client = new Client({ connectionString: database.url });
  client.on('error', () => undefined);
  await client.connect();
  const ask = async <Body>(
    method: string,
    path: string,
    body?: unknown,
    token?: string,
    headers: Record<string, string> = {},
  ): Promise<Answer<Body>> => {
    const response = await fetch(`${service.url}${path}`, {
      method,
      headers: {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, body: (await response.json()) as Body };
  };
  const post: RunningAuth['post'] = (path, body, token, headers) => ask('POST', path, body, token, headers);
  const register: RunningAuth['register'] = (email, more = {}) =>
    post('/api/v2/auth/register', { email, password: PASSWORD, full_name: 'Grace Hopper', ...more });
  const login: RunningAuth['login'] = (email, password = PASSWORD) => post('/api/v2/auth/login', { email, password });
  if (options.untilHealthy ?? true)
    await eventually(
      () => fetch(`${service.url}/health`),
      ({ ok }) => ok,
    );
  return {
    service,
    database,
    dataDirectory,
    log: () => lines.join(''),
    get: (path, token, headers) => ask('GET', path, undefined, token, headers),
    post,
    delete: (path, token) => ask('DELETE', path, undefined, token),
    register,
    login,
    signedIn: async (email) => {
      await register(email);
      return (await login(email)).body;
    },
    sql: async <Row>(text: string, values?: unknown[]) => (await client.query(text, values)).rows as Row[],
    stop: async () => {
      await service.stop();
      await client.end().catch(() => undefined);
      if (!options.database) await database.drop();
      if (!options.dataDirectory) await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}
