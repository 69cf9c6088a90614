module.exports = {
  ...require('../../jest.preset.cjs'),
  rootDir: __dirname,
  // What talks to Redis is held against a real one, by the distributed suite (jest.distributed.config.cjs).
  coveragePathIgnorePatterns: ['/node_modules/', '<rootDir>/src/redis/', '<rootDir>/src/[a-z-]+/redis\\.[a-z-]+\\.ts$'],
};
