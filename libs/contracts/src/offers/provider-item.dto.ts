import { ApiProperty } from '@nestjs/swagger';
import {
  AVAILABILITY_STATUSES,
  COMPLIANCE_TAGS,
  OFFER_SOURCES,
  PRICING_KINDS,
  type AvailabilityStatus,
  type ComplianceTag,
  type OfferSource,
  type PricingKind,
} from './offer-terms';

const nullable = { nullable: true } as const;

/** One offer as the list returns it (SPEC P7). What is not known is null, never 0 or "". */
export class ProviderItemDto {
  @ApiProperty({ format: 'uuid', description: 'Id of the offer, stable for as long as the cloud sells it' })
  id!: string;

  @ApiProperty({ description: 'Slug of the cloud', example: 'vastai' })
  provider!: string;

  @ApiProperty({ description: 'Name of the cloud', example: 'Vast.ai' })
  provider_name!: string;

  @ApiProperty({ description: "The cloud's own id of the offer", example: '48436010|on_demand' })
  external_id!: string;

  @ApiProperty({
    description: 'Canonical GPU model; the family where the cloud does not say which model',
    example: 'H100-SXM',
  })
  gpu_type!: string;

  @ApiProperty({ type: String, ...nullable, description: 'Family, for grouping', example: 'H100' })
  gpu_family!: string | null;

  @ApiProperty({
    type: Number,
    ...nullable,
    description: 'GPUs in the bookable unit; a fraction where slices are sold',
    example: 8,
  })
  gpu_count!: number | null;

  @ApiProperty({ type: Number, ...nullable, description: 'VRAM of one GPU in GB', example: 80 })
  gpu_memory_gb!: number | null;

  @ApiProperty({ type: Number, ...nullable, description: 'vCPUs of the bookable unit', example: 96 })
  cpu_cores!: number | null;

  @ApiProperty({ type: Number, ...nullable, description: 'RAM of the bookable unit in GB', example: 1024 })
  ram_gb!: number | null;

  @ApiProperty({ type: Number, ...nullable, description: 'Local storage of the bookable unit in GB', example: 2000 })
  storage_gb!: number | null;

  @ApiProperty({
    description: 'Price of one GPU for one hour, in currency: what filters, sorts and KPIs use',
    example: 2.49,
  })
  price_per_hour!: number;

  @ApiProperty({
    type: Number,
    ...nullable,
    description: 'Price of the whole bookable unit for one hour, in currency',
    example: 19.92,
  })
  price_per_node_hour!: number | null;

  @ApiProperty({ description: 'ISO 4217 code of every price here', example: 'USD' })
  currency!: string;

  @ApiProperty({
    enum: PRICING_KINDS,
    enumName: 'PricingKind',
    ...nullable,
    description: 'How it is sold; bid is an auction floor',
  })
  pricing!: PricingKind | null;

  @ApiProperty({ description: 'Region code, lower case; global where the cloud names none', example: 'us-minnesota' })
  region!: string;

  @ApiProperty({
    enum: AVAILABILITY_STATUSES,
    enumName: 'AvailabilityStatus',
    description: 'limited also stands for price lists that say nothing about stock',
  })
  availability_status!: AvailabilityStatus;

  @ApiProperty({
    enum: COMPLIANCE_TAGS,
    enumName: 'ComplianceTag',
    isArray: true,
    description: 'Certifications of the cloud',
  })
  compliance_tags!: ComplianceTag[];

  @ApiProperty({
    enum: OFFER_SOURCES,
    enumName: 'OfferSource',
    description: 'emulator rows are a demonstration and cannot be booked',
  })
  source!: OfferSource;

  @ApiProperty({ description: 'True when the last good sync of the cloud is older than three of its intervals' })
  stale!: boolean;

  @ApiProperty({
    type: Number,
    ...nullable,
    minimum: 0,
    maximum: 1,
    description: 'Reliability of the cloud from observed syncs',
    example: 0.97,
  })
  reliability_score!: number | null;

  @ApiProperty({ format: 'date-time', description: 'When the cloud was last asked about this offer' })
  observed_at!: string;

  @ApiProperty({ format: 'date-time', description: 'When the offer was last listed by the cloud' })
  last_seen_at!: string;

  @ApiProperty({
    type: String,
    format: 'date-time',
    ...nullable,
    description: 'When its price last changed; null when it never did here',
  })
  price_changed_at!: string | null;

  @ApiProperty({
    type: Number,
    ...nullable,
    description:
      'Price of one generated token of a 7B model in FP16 on one GPU, one request at a time, in currency, six significant digits: price_per_hour / (3600 x tokens per second). Null: the GPU is not known, does not hold the model, is sold in parts, or MATH_ENRICHMENT is off',
    example: 0.00000670257,
  })
  cost_per_token!: number | null;

  @ApiProperty({
    type: Number,
    ...nullable,
    description:
      'Price of one GFLOP/s (dense FP16, FP32 where that is not known) held for one hour, in currency, six significant digits: price_per_hour / GFLOP/s of one GPU. Null: the GPU is not known, or MATH_ENRICHMENT is off',
    example: 0.00000251642,
  })
  cost_per_gflop!: number | null;
}
