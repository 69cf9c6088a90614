import { z } from 'zod';
import { price } from '../upstream-fields';

/** A page of the availability list. `totalCount` counts the rows of the query, not of the page. */
export const availabilityPage = z.object({
  items: z.array(z.unknown()),
  totalCount: z.number().int().nonnegative().nullish().catch(null),
});

const summaryPrices = z.object({ onDemand: price, communityPrice: price, spotPrice: price });
export type SummaryPrices = z.output<typeof summaryPrices>;

/** GPU type → number of GPUs → region → cheapest prices. */
export const summaryAnswer = z
  .record(z.string(), z.record(z.string().regex(/^\d+$/), z.record(z.string(), summaryPrices)))
  .refine((answer) => Object.keys(answer).length > 0);
export type SummaryAnswer = z.output<typeof summaryAnswer>;

/** The older list: rows grouped by GPU type, without pages. One row must look like one; the others are read by themselves. */
const row = z.looseObject({ cloudId: z.unknown(), gpuType: z.string() });
const groupedAnswer = z
  .record(z.string(), z.unknown())
  .transform((answer) => Object.values(answer).flatMap((group) => (Array.isArray(group) ? (group as unknown[]) : [])))
  .refine((rows) => rows.some((one) => row.safeParse(one).success));

/** The rows of the older, grouped answer; null when it is none. */
export function groupedRows(json: unknown): unknown[] | null {
  const read = groupedAnswer.safeParse(json);
  return read.success ? read.data : null;
}
