/** The tools are scripts run as child processes by their tests, where no coverage is seen: the floor is for apps and libs. */
module.exports = {
  ...require('../jest.preset.cjs'),
  rootDir: __dirname,
  testMatch: ['<rootDir>/**/*.spec.ts'],
  collectCoverage: false,
  coverageThreshold: undefined,
};
