/** Against real servers, started by the suites themselves: `npm run test:distributed`. */
module.exports = {
  ...require('./jest.config.cjs'),
  testMatch: ['<rootDir>/test-distributed/**/*.spec.ts'],
  testTimeout: 180_000,
  coverageThreshold: undefined,
  maxWorkers: 1,
};
