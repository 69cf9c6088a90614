/** Gateways as processes of their own on one real Redis: `npm run test:distributed -- api-gateway`. */
module.exports = {
  ...require('../../jest.preset.cjs'),
  rootDir: __dirname,
  globalSetup: './test-distributed/support/build-gateway.cjs',
  testMatch: ['<rootDir>/test-distributed/**/*.spec.ts'],
  testTimeout: 240_000,
  coverageThreshold: undefined,
  maxWorkers: 1,
};
