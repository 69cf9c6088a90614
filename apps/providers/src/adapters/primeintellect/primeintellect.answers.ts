import { z } from 'zod';

/** A page of the availability list. `totalCount` counts the rows of the query, not of the page. */
export const availabilityPage = z.object({
  items: z.array(z.unknown()),
  totalCount: z.number().int().nonnegative().nullish().catch(null),
});

const price = z.union([z.number(), z.string()]).nullish().catch(null);
const summaryPrices = z.object({ onDemand: price, communityPrice: price, spotPrice: price });
export type SummaryPrices = z.output<typeof summaryPrices>;

/** GPU type → number of GPUs → region → cheapest prices. */
export const summaryAnswer = z
  .record(z.string(), z.record(z.string().regex(/^\d+$/), z.record(z.string(), summaryPrices)))
  .refine((answer) => Object.keys(answer).length > 0);
export type SummaryAnswer = z.output<typeof summaryAnswer>;

/** The older list: rows grouped by GPU type, without pages. */
const groupedAnswer = z
  .record(z.string(), z.array(z.looseObject({ cloudId: z.unknown(), gpuType: z.string() })))
  .refine((answer) => Object.keys(answer).length > 0);

/** The rows of the older, grouped answer; null when it is none. */
export function groupedRows(json: unknown): unknown[] | null {
  const read = groupedAnswer.safeParse(json);
  return read.success ? Object.values(read.data).flat() : null;
}
