import { z } from 'zod';
import { amount, flag, part, price, text } from '../upstream-fields';

/** A page of the public product catalogue. */
export const catalogPage = z.object({ products: z.array(z.unknown()), total_count: amount });
/** A page of the types of one zone, keyed by their names. */
export const serversPage = z.object({ servers: z.record(z.string(), z.unknown()) });

export const catalogProduct = z.object({
  sku: text,
  product_category: text,
  product: z.string().min(1),
  locality: z.object({ zone: z.string().min(1) }),
  price: part({ retail_price: part({ currency_code: text, units: price, nanos: price }) }),
  unit_of_measure: part({ unit: text, size: amount }),
  status: text,
  environmental_impact_estimation: part({ kg_co2_equivalent: amount }),
  properties: part({
    hardware: part({
      cpu: part({ type: text, threads: amount }),
      ram: part({ size: amount }),
      gpu: part({ count: amount, type: text }),
    }),
  }),
});
export type CatalogProduct = z.output<typeof catalogProduct>;

export const serverType = z.object({
  ncpus: amount,
  ram: amount,
  gpu: amount,
  gpu_info: part({ gpu_name: text, gpu_memory: amount }),
  mig_profile: text,
  scratch_storage_max_size: amount,
  hourly_price: price,
  end_of_service: flag,
});
export type ServerType = z.output<typeof serverType>;

export const availabilityEntry = z.object({ availability: text });

/** What one zone answered: types and stock, each keyed by the type's name. */
export interface ScalewayZone {
  readonly zone: string;
  readonly servers: Readonly<Record<string, unknown>>;
  readonly availability: Readonly<Record<string, unknown>>;
}
