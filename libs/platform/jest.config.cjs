module.exports = {
  ...require('../../jest.preset.cjs'),
  rootDir: __dirname,
  globalSetup: '../testing/src/postgres/global-setup.ts',
  globalTeardown: '../testing/src/postgres/global-teardown.ts',
  collectCoverageFrom: ['src/**/*.ts', '!src/**/*.spec.ts', '!src/**/*.d.ts'],
  // What talks to Redis is held against a real one, by the distributed suite (jest.distributed.config.cjs).
  coveragePathIgnorePatterns: ['/node_modules/', '<rootDir>/src/redis/', '<rootDir>/src/[a-z-]+/redis\\.[a-z-]+\\.ts$'],
};
