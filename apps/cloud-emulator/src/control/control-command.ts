import { z } from 'zod';
import { UPSTREAM_MODES } from '../modes/upstream-mode';

/** Body of `POST /__mode`. */
export const modeCommand = z.strictObject({ provider: z.string(), mode: z.enum(UPSTREAM_MODES) });

/** Body of `POST /__market`. `lot` is a lot's id, as `GET /__market/{provider}` lists them; price null unpins. */
export const marketCommand = z.discriminatedUnion('action', [
  z.strictObject({ provider: z.string(), action: z.enum(['freeze', 'thaw']) }),
  z.strictObject({
    provider: z.string(),
    action: z.literal('tick'),
    steps: z.number().int().min(1).max(100_000).default(1),
  }),
  z.strictObject({
    provider: z.string(),
    action: z.literal('set_price'),
    lot: z.string(),
    /** USD as a decimal string, in the unit of the lot's list price. */
    price: z
      .string()
      .regex(/^\d{1,8}(\.\d{1,6})?$/)
      .nullable(),
  }),
]);
export type MarketCommand = z.output<typeof marketCommand>;
