module.exports = {
  ...require('../../jest.preset.cjs'),
  rootDir: __dirname,
  globalSetup: '<rootDir>/../../libs/testing/src/postgres/global-setup.ts',
  globalTeardown: '<rootDir>/../../libs/testing/src/postgres/global-teardown.ts',
  testTimeout: 60_000,
};
