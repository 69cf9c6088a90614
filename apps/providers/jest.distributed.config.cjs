/** Over a real Vault, started by the suite itself: `npm run test:distributed -- providers`. */
module.exports = {
  ...require('./jest.config.cjs'),
  testMatch: ['<rootDir>/test-distributed/**/*.spec.ts'],
  testTimeout: 120_000,
  coverageThreshold: undefined,
  maxWorkers: 1,
};
