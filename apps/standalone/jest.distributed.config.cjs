/** The services as processes of their own, killed at random: `npm run test:distributed -- standalone`. */
module.exports = {
  ...require('../../jest.preset.cjs'),
  rootDir: __dirname,
  globalSetup: './test-distributed/support/global-setup.cjs',
  globalTeardown: '../../libs/testing/src/postgres/global-teardown.ts',
  testMatch: ['<rootDir>/test-distributed/**/*.spec.ts'],
  testTimeout: 420_000,
  coverageThreshold: undefined,
  maxWorkers: 1,
  // A run that failed leaves its killers at work; Jest would wait for them.
  forceExit: true,
};
