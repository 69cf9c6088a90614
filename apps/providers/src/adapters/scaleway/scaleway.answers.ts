import { z } from 'zod';

const amount = z.number().nullish().catch(null);
const text = z.string().nullish().catch(null);
const price = z.union([z.number(), z.string()]).nullish().catch(null);

/** A page of the public product catalogue. */
export const catalogPage = z.object({ products: z.array(z.unknown()), total_count: amount });
/** A page of the types of one zone, keyed by their names. */
export const serversPage = z.object({ servers: z.record(z.string(), z.unknown()) });

export const catalogProduct = z.object({
  sku: text,
  product_category: text,
  product: z.string().min(1),
  locality: z.object({ zone: z.string().min(1) }),
  price: z
    .object({ retail_price: z.object({ currency_code: text, units: price, nanos: price }).nullish().catch(null) })
    .nullish()
    .catch(null),
  unit_of_measure: z.object({ unit: text, size: amount }).nullish().catch(null),
  status: text,
  environmental_impact_estimation: z.object({ kg_co2_equivalent: amount }).nullish().catch(null),
  properties: z
    .object({
      hardware: z
        .object({
          cpu: z.object({ type: text, threads: amount }).nullish().catch(null),
          ram: z.object({ size: amount }).nullish().catch(null),
          gpu: z.object({ count: amount, type: text }).nullish().catch(null),
        })
        .nullish()
        .catch(null),
    })
    .nullish()
    .catch(null),
});
export type CatalogProduct = z.output<typeof catalogProduct>;

export const serverType = z.object({
  ncpus: amount,
  ram: amount,
  gpu: amount,
  gpu_info: z.object({ gpu_name: text, gpu_memory: amount }).nullish().catch(null),
  mig_profile: text,
  scratch_storage_max_size: amount,
  hourly_price: price,
  end_of_service: z.boolean().nullish().catch(null),
});
export type ServerType = z.output<typeof serverType>;

export const availabilityEntry = z.object({ availability: text });

/** What one zone answered: types and stock, each keyed by the type's name. */
export interface ScalewayZone {
  readonly zone: string;
  readonly servers: Readonly<Record<string, unknown>>;
  readonly availability: Readonly<Record<string, unknown>>;
}
