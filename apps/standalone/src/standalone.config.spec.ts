import { resolve } from 'node:path';
import { ConfigError } from '@gpubroker/platform/config';
import { loadStandaloneConfig } from './standalone.config';

describe('loadStandaloneConfig', () => {
  it('keeps everything in one directory and runs the demonstration sixty times as fast as real', () => {
    expect(loadStandaloneConfig({})).toEqual({
      dataDirectory: resolve('.gpubroker'),
      databaseDirectory: resolve('.gpubroker/postgres'),
      logFile: resolve('.gpubroker/logs/services.log'),
      databaseUrl: null,
      postgresPort: 0,
      serviceEnv: {
        GPUBROKER_DATA_DIR: resolve('.gpubroker'),
        EMULATOR_SPEED: '60',
        UPSTREAM_TIMEOUT_MS: '5000',
      },
    });
  });

  it('takes a directory, a database, a port and a pace of one’s own', () => {
    const config = loadStandaloneConfig({
      GPUBROKER_DATA_DIR: '/srv/gpubroker',
      DATABASE_URL: 'postgresql://someone@db.internal/gpubroker',
      EMBEDDED_POSTGRES_PORT: '54329',
      EMULATOR_SPEED: '1.5',
      UPSTREAM_TIMEOUT_MS: '800',
    });
    expect(config).toMatchObject({
      databaseDirectory: '/srv/gpubroker/postgres',
      databaseUrl: 'postgresql://someone@db.internal/gpubroker',
      postgresPort: 54_329,
      serviceEnv: { EMULATOR_SPEED: '1.5', UPSTREAM_TIMEOUT_MS: '800' },
    });
  });

  it.each([
    ['EMULATOR_SPEED', '0'],
    ['EMULATOR_SPEED', 'fast'],
    ['UPSTREAM_TIMEOUT_MS', '1.5'],
    ['EMBEDDED_POSTGRES_PORT', '70000'],
    ['DATABASE_URL', 'localhost'],
  ])('refuses %s=%s by name', (variable, value) => {
    expect(() => loadStandaloneConfig({ [variable]: value })).toThrow(ConfigError);
    expect(() => loadStandaloneConfig({ [variable]: value })).toThrow(variable);
  });
});
