import { startService, type RunningService } from '@gpubroker/platform/service';
import { eventually } from '@gpubroker/testing/eventually';
import { freshDatabase, type FreshDatabase } from '@gpubroker/testing/postgres';
import { mathCoreService } from '../../src/index';

export interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}

/** The service over a real PostgreSQL. */
export interface RunningMathCore {
  readonly service: RunningService;
  readonly database: FreshDatabase;
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
    ...options.env,
  });
  const ask = async <Body>(path: string, init?: RequestInit): Promise<Answer<Body>> => {
    const response = await fetch(`${service.url}/api/v2/math/${path}`, init);
    return { status: response.status, body: (await response.json()) as Body };
  };
  const postText = <Body>(path: string, body: string) =>
    ask<Body>(path, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
  const running: RunningMathCore = {
    service,
    database,
    get: (path) => ask(path),
    post: (path, body) => postText(path, JSON.stringify(body)),
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
