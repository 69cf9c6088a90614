/** Against a real Redis, started by the suites themselves: `npm run test:distributed -- platform`. */
module.exports = {
  ...require('./jest.config.cjs'),
  // No PostgreSQL is needed.
  globalSetup: undefined,
  globalTeardown: undefined,
  testMatch: ['<rootDir>/test-distributed/**/*.spec.ts'],
  testTimeout: 120_000,
  coverageThreshold: undefined,
  maxWorkers: 1,
};
