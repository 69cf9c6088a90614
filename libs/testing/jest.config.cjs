const preset = require('../../jest.preset.cjs');

module.exports = {
  ...preset,
  rootDir: __dirname,
  globalSetup: '<rootDir>/src/postgres/global-setup.ts',
  globalTeardown: '<rootDir>/src/postgres/global-teardown.ts',
  // Runs in a process of its own, where Jest cannot count.
  collectCoverageFrom: [...preset.collectCoverageFrom, '!src/postgres/cluster-keeper.ts'],
};
