import { startService, type RunningService } from '@gpubroker/platform/service';
import { eventually } from '@gpubroker/testing/eventually';
import { freshDatabase, type FreshDatabase } from '@gpubroker/testing/postgres';
import { mathCoreService } from '../../src/index';
import { PUBLIC_PEM, tokenOf } from './tokens';

export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

export interface AskOptions {
  /** null: none. By default one of a signed-in user of no special role. */
  readonly token?: string | null;
  readonly method?: string;
  readonly body?: unknown;
}

/** The service over a real PostgreSQL. */
export interface RunningMathCore {
  readonly service: RunningService;
  readonly database: FreshDatabase;
  /** @param path after /api/v2/ */
  ask<Body>(path: string, options?: AskOptions): Promise<Answer<Body>>;
  /** @param path after /api/v2/math/, here and below */
  get<Body>(path: string): Promise<Answer<Body>>;
  post<Body>(path: string, body: unknown): Promise<Answer<Body>>;
  /** For text that no JSON writer would produce. */
  postText<Body>(path: string, text: string): Promise<Answer<Body>>;
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly database?: FreshDatabase;
  readonly databaseUrl?: string;
  readonly env?: Record<string, string>;
}

export async function startMathCore(options: StartOptions = {}): Promise<RunningMathCore> {
  const database = options.database ?? (await freshDatabase());
  const service = await startService(mathCoreService, {
    LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
    MATH_CORE_PORT: '0',
    DATABASE_URL: options.databaseUrl ?? database.url,
    JWT_PUBLIC_KEY: PUBLIC_PEM,
    ...options.env,
  });
  const send = async <Body>(
    path: string,
    init: RequestInit,
    token: string | null = tokenOf(),
  ): Promise<Answer<Body>> => {
    const headers = { ...init.headers, ...(token === null ? {} : { authorization: `Bearer ${token}` }) };
    const response = await fetch(`${service.url}/api/v2/${path}`, { ...init, headers });
    return { status: response.status, body: (await response.json()) as Body };
  };
  const json = { 'content-type': 'application/json' };
  const ask = <Body>(path: string, { token, method, body }: AskOptions = {}) =>
    send<Body>(
      path,
      body === undefined
        ? { method: method ?? 'GET' }
        : { method: method ?? 'POST', headers: json, body: JSON.stringify(body) },
      token,
    );
  const postText = <Body>(path: string, body: string) =>
    send<Body>(`math/${path}`, { method: 'POST', headers: json, body });
  const running: RunningMathCore = {
    service,
    database,
    ask,
    get: (path) => ask(`math/${path}`),
    post: (path, body) => ask(`math/${path}`, { body }),
    postText,
    stop: async () => {
      await service.stop();
      await database.drop();
    },
  };
  if (options.databaseUrl === undefined)
    await eventually(
      () => running.get<{ total?: number }>('benchmarks'),
      ({ status, body }) => status === 200 && (body.total ?? 0) > 100,
    );
  return running;
}
