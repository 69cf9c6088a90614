/** Several replicas on one real Redis: `npm run test:distributed -- ws-gateway`. */
module.exports = {
  ...require('./jest.config.cjs'),
  testMatch: ['<rootDir>/test-distributed/**/*.spec.ts'],
  testTimeout: 120_000,
  coverageThreshold: undefined,
  maxWorkers: 1,
};
