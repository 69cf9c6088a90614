module.exports = {
  ...require('../../jest.preset.cjs'),
  rootDir: __dirname,
  globalSetup: '../testing/src/postgres/global-setup.ts',
  globalTeardown: '../testing/src/postgres/global-teardown.ts',
  // Servers are real, and the machine may be busy with other suites.
  testTimeout: 30_000,
  // The Kafka client is held against a real broker, by the distributed suite (jest.distributed.config.cjs).
  coveragePathIgnorePatterns: ['/node_modules/', '<rootDir>/src/kafka/kafka\\.(transport|subscription)\\.ts$'],
};
