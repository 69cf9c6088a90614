// Journeys start the whole product: their time-outs are for two loaded cores.
module.exports = { ...require('../../jest.preset.cjs'), rootDir: __dirname, testTimeout: 120_000 };
