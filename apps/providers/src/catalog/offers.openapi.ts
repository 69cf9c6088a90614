import { applyDecorators } from '@nestjs/common';
import { ApiQuery, type ApiQueryOptions } from '@nestjs/swagger';
import { SORT_FIELDS } from './offer-query';
import { AVAILABILITY_STATUSES, COMPLIANCE_TAGS, PRICING_KINDS } from '@gpubroker/contracts/offers';

const text = { type: 'string', maxLength: 100, pattern: '^[^\\u0000]*$' } as const;
const amount = { type: 'number', minimum: 0, maximum: 1_000_000 } as const;
const SORT_KEY = `-?(${SORT_FIELDS.join('|')})`;

/** The examples go together: whoever sends the form of the docs page as it stands finds offers. */
const PARAMETERS: readonly ApiQueryOptions[] = [
  {
    name: 'gpu_type',
    schema: text,
    description: 'Part of the GPU model, any case, taken literally; also as gpu',
    example: 'h100',
  },
  {
    name: 'region',
    schema: text,
    description: 'Region code, a prefix ending in -, or one of eu, us, uk, asia, latam',
    example: 'eu',
  },
  { name: 'provider', schema: text, description: 'Slug of one cloud', example: 'verda' },
  { name: 'availability', enum: AVAILABILITY_STATUSES, description: 'All when absent' },
  {
    name: 'compliance_tag',
    enum: COMPLIANCE_TAGS,
    isArray: true,
    description: 'Repeated: the cloud must have all of them; also as compliance_tags',
    example: ['gdpr'],
  },
  { name: 'gpu_memory_min', schema: amount, description: 'Least VRAM of one GPU, in GB', example: 40 },
  { name: 'gpu_memory_max', schema: amount, description: 'Most VRAM of one GPU, in GB', example: 80 },
  { name: 'gpu_memory_gb', schema: amount, description: 'VRAM of one GPU, in GB, exactly', example: 80 },
  { name: 'gpu_count', schema: amount, description: 'GPUs in the bookable unit, exactly', example: 8 },
  { name: 'pricing', enum: PRICING_KINDS, description: 'How it is sold' },
  {
    name: 'price_min',
    schema: amount,
    description: 'Least price of one GPU-hour, in the currency of the offer; also as min_price',
    example: 0.5,
  },
  {
    name: 'max_price',
    schema: amount,
    description: 'Most for one GPU-hour, in the currency of the offer; also as price_max',
    example: 5,
  },
  { name: 'q', schema: text, description: 'Words or parts of words of model, region or cloud', example: 'h100' },
  {
    name: 'sort',
    schema: { type: 'string', pattern: `^(${SORT_KEY}(,${SORT_KEY})*)?$` },
    description:
      'Fields, comma-separated, - for descending; unknown values go last. cost_per_token is that of a 7B model in FP16, one request at a time',
    example: 'price_per_hour',
  },
  {
    name: 'page',
    schema: { type: 'integer', minimum: 1, maximum: 1_000_000_000, default: 1 },
    description: 'Page number',
  },
  {
    name: 'per_page',
    schema: { type: 'integer', enum: [10, 20, 50, 100], default: 20 },
    description: 'Offers per page',
  },
  {
    name: 'version',
    schema: { type: 'string', pattern: '^[0-9]{0,15}$' },
    description: 'meta.version of an earlier page: the same catalogue state, kept for 5 minutes',
    example: '',
  },
];

/** The query parameters of the list. The service reads them itself (parse-offer-query.ts): unknown ones are warnings. */
export const ApiOfferQuery = (): MethodDecorator =>
  applyDecorators(...PARAMETERS.map((parameter) => ApiQuery({ required: false, ...withExample(parameter) })));

/** Nest drops the example of a parameter that brings its own schema, unless it stands in there. */
const withExample = (parameter: ApiQueryOptions): ApiQueryOptions =>
  'schema' in parameter && parameter.example !== undefined
    ? { ...parameter, schema: { ...parameter.schema, example: parameter.example as unknown } }
    : parameter;
