import { z } from 'zod';

/*
 * The members of upstream rows. One that is missing, null or of another type costs its value, never its row; clouds change
 * between numbers and their texts from one release to the next, so both are read.
 */

/** A count, a size or a measure: null, or finite. */
export const amount = z
  .union([
    z.number(),
    z
      .string()
      .regex(/^\s*[-+]?\d+(?:\.\d+)?\s*$/)
      .transform(Number),
  ])
  .nullish()
  .catch(null);

/** Money as it was sent: what is a price and what is none is for the batch to say. */
export const price = z.union([z.number(), z.string()]).nullish().catch(null);

export const text = z.string().nullish().catch(null);

export const flag = z
  .union([
    z.boolean(),
    z
      .string()
      .regex(/^(?:true|false)$/i)
      .transform((word) => word.toLowerCase() === 'true'),
  ])
  .nullish()
  .catch(null);

/** What a row is known by: without one there is no row. */
export const identifier = z.union([
  z.string().min(1),
  z
    .number()
    .int()
    .transform((id) => String(id)),
]);

/** An object inside a row. */
export function part<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.object(shape).nullish().catch(null);
}

/** A list that has to be there; an element of another shape is left out, and takes no other with it. */
export function rowsOf<Element extends z.ZodType>(element: Element) {
  return z.array(z.unknown()).transform((rows): z.output<Element>[] =>
    rows.flatMap((row) => {
      const read = element.safeParse(row);
      return read.success ? [read.data] : [];
    }),
  );
}

/** The same inside a row, which can do without. */
export function list<Element extends z.ZodType>(element: Element) {
  return rowsOf(element).nullish().catch(null);
}
