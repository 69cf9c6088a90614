const { globalSetup, globalTeardown, ...ordinary } = require('./jest.config.cjs');

module.exports = {
  ...ordinary,
  testMatch: ['<rootDir>/test-distributed/**/*.spec.ts'],
  testTimeout: 180_000,
  collectCoverage: false,
  coverageThreshold: undefined,
  maxWorkers: 1,
};
