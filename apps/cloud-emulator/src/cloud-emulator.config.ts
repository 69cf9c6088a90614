import { z } from 'zod';

/** What the emulator reads from its environment. */
export const cloudEmulatorEnv = {
  EMULATOR_SPEED: z.coerce
    .number()
    .positive()
    .max(100_000)
    .default(1)
    .describe('Market time over wall time: 1 = real pace, npm start sets 60; ticks are never closer than 1 s'),
  EMULATOR_SEED: z.coerce
    .number()
    .int()
    .min(0)
    .max(0xffff_ffff)
    .default(1)
    .describe('Seed of prices and stock: the same seed moves the same way after the same number of steps'),
};

export interface CloudEmulatorConfig {
  readonly speed: number;
  readonly seed: number;
}
