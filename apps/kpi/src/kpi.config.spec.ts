import { kpiService } from './index';

it('takes a database of its own before the common one', () => {
  const read = (env: Record<string, string>) => kpiService.loadConfig(env).own.databaseUrl;
  expect(read({ DATABASE_URL: 'postgres://h/common' })).toBe('postgres://h/common');
  expect(read({ DATABASE_URL: 'postgres://h/common', KPI_DATABASE_URL: 'postgres://h/own' })).toBe('postgres://h/own');
});

it('says which variable is missing', () => {
  expect(() => kpiService.loadConfig({})).toThrow('DATABASE_URL');
});
