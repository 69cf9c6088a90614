module.exports = {
  ...require('../../jest.preset.cjs'),
  rootDir: __dirname,
  globalSetup: '../../libs/testing/src/postgres/global-setup.ts',
  // What talks to Redis is held against a real one, by the distributed suite (jest.distributed.config.cjs).
  coveragePathIgnorePatterns: ['/node_modules/', '<rootDir>/src/[a-z-]+/redis\\.[a-z-]+\\.ts$'],
  globalTeardown: '../../libs/testing/src/postgres/global-teardown.ts',
};
