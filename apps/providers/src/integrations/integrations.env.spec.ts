import { providersService } from '../index';

const problemsOf = (env: Record<string, string>): string[] => {
  try {
    providersService.loadConfig(env);
    return [];
  } catch (error) {
    return (error as { problems: { variable: string }[] }).problems.map(({ variable }) => variable);
  }
};

it('in production names everything that is missing at once', () => {
  expect(problemsOf({ NODE_ENV: 'production' })).toEqual(['DATABASE_URL', 'JWT_PUBLIC_KEY', 'SECRETS_KEY']);
});

it('names the token that a Vault needs', () => {
  const env = { DATABASE_URL: 'postgres://127.0.0.1/x', VAULT_ADDR: 'http://127.0.0.1:8200' };
  expect(problemsOf(env)).toEqual(['VAULT_TOKEN']);
});

it('misses nothing in production with a database, an auth and a Vault', () => {
  const env = {
    NODE_ENV: 'production',
    DATABASE_URL: 'postgres://127.0.0.1/x',
    AUTH_URL: 'http://auth:8101',
    VAULT_ADDR: 'https://vault:8200',
    VAULT_TOKEN: 't',
  };
  expect(problemsOf(env)).toEqual([]);
});
