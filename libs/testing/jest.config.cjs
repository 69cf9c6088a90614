module.exports = {
  ...require('../../jest.preset.cjs'),
  rootDir: __dirname,
  globalSetup: '<rootDir>/src/postgres/global-setup.ts',
  globalTeardown: '<rootDir>/src/postgres/global-teardown.ts',
};
