import fc from 'fast-check';
import { z } from 'zod';
import { ConfigError } from './config-error';
import { flag, list, port, positiveInt, serviceEnv } from './env-fragments';
import { loadEnv } from './load-env';

const schema = z.object({
  ...serviceEnv,
  API_PORT: port(8080),
  DATABASE_URL: z.url(),
  MODE: z.enum(['a', 'b']),
  STRICT: flag(false),
  HOSTS: list('one'),
  POOL: positiveInt(5, 100),
});
const good = { DATABASE_URL: 'postgres://h/db', MODE: 'a' };

function problemsOf(env: Record<string, string | undefined>): Record<string, string> {
  try {
    loadEnv('tiny', schema, env);
    return {};
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return Object.fromEntries(error.problems.map(({ variable, message }) => [variable, message]));
  }
}

describe('loadEnv', () => {
  it('reads a good environment with its defaults', () => {
    expect(loadEnv('tiny', schema, good)).toMatchObject({
      API_PORT: 8080,
      MODE: 'a',
      STRICT: false,
      HOSTS: ['one'],
      POOL: 5,
      NODE_ENV: 'development',
    });
  });

  it('reports every problem at once', () => {
    expect(Object.keys(problemsOf({ API_PORT: 'x', STRICT: 'no', POOL: '0', LOG_LEVEL: 'loud' })).sort()).toEqual([
      'API_PORT',
      'DATABASE_URL',
      'LOG_LEVEL',
      'MODE',
      'POOL',
      'STRICT',
    ]);
  });

  it('says of an absent variable that it is required', () => {
    expect(problemsOf({})).toEqual({ DATABASE_URL: 'is required and not set', MODE: 'is required and not set' });
  });

  it('takes an empty value for an absent one', () => {
    expect(loadEnv('tiny', schema, { ...good, API_PORT: '', HOSTS: '', STRICT: undefined }).API_PORT).toBe(8080);
    expect(problemsOf({ ...good, MODE: '' })).toEqual({ MODE: 'is required and not set' });
  });

  it('reports a rule over several variables without one of them', () => {
    const joint = z.object({ A: z.string().optional() }).refine(({ A }) => A !== 'x', 'A must not be that');
    expect(() => loadEnv('tiny', joint, { A: 'x' })).toThrow('(environment): A must not be that');
  });

  it('never prints a value', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).map((text) => `canary${text}`),
        fc.constantFrom('API_PORT', 'DATABASE_URL', 'MODE', 'STRICT', 'POOL', 'LOG_LEVEL', 'NODE_ENV'),
        (value, variable) => {
          const problems = problemsOf({ ...good, [variable]: value });
          expect(JSON.stringify(problems)).not.toContain('canary');
        },
      ),
    );
  });

  it.each(['0x10', '1e3', ' ', '8080abc', '-1', '1.5', '65536', '٣', 'NaN', 'Infinity', '99999999999999999999'])(
    'does not read %j as a port',
    (value) => {
      expect(problemsOf({ ...good, API_PORT: value })).toHaveProperty('API_PORT');
    },
  );

  it.each(['yes', 'no', 'on', 'off', 'TRUE', '2'])('does not read %j as a switch', (value) => {
    expect(problemsOf({ ...good, STRICT: value })).toHaveProperty('STRICT');
  });

  it.each([
    ['true', true],
    ['1', true],
    ['false', false],
    ['0', false],
  ])('reads the switch %j as %j', (value, expected) => {
    expect(loadEnv('tiny', schema, { ...good, STRICT: value }).STRICT).toBe(expected);
  });

  it('reads any whole number within its range as itself', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), (value) => {
        expect(loadEnv('tiny', schema, { ...good, POOL: String(value) }).POOL).toBe(value);
      }),
    );
  });

  it('splits a list at commas and drops blanks', () => {
    expect(loadEnv('tiny', schema, { ...good, HOSTS: ' a, b ,,c,' }).HOSTS).toEqual(['a', 'b', 'c']);
  });

  it('describes every variable that all services read', () => {
    for (const [name, field] of Object.entries(serviceEnv))
      expect({ name, described: Boolean(field.description) }).toEqual({ name, described: true });
  });
});
