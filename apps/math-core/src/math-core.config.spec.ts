import { loadEnv, serviceEnv, type ConfigError } from '@gpubroker/platform/config';
import { z } from 'zod';
import { mathCoreEnv, toMathCoreConfig } from './math-core.config';

const load = (env: Record<string, string>) =>
  toMathCoreConfig(loadEnv('math-core', z.object({ ...serviceEnv, ...mathCoreEnv }), env));
const problemsOf = (env: Record<string, string>): string[] => {
  try {
    load(env);
    return [];
  } catch (error) {
    return (error as ConfigError).problems.map(({ variable }) => variable);
  }
};

it('names everything at once that production misses', () => {
  expect(problemsOf({ NODE_ENV: 'production' })).toEqual(['DATABASE_URL', 'JWT_PUBLIC_KEY']);
});

it('refuses a key that is none', () => {
  expect(problemsOf({ DATABASE_URL: 'postgres://x@127.0.0.1/x', JWT_PUBLIC_KEY: 'key' })).toEqual(['JWT_PUBLIC_KEY']);
});

it('takes its own database before the common one', () => {
  const config = load({
    DATABASE_URL: 'postgres://x@127.0.0.1/x',
    MATH_CORE_DATABASE_URL: 'postgres://x@127.0.0.1/own',
  });
  expect(config.databaseUrl).toBe('postgres://x@127.0.0.1/own');
});
