import type {
  AvailabilityStatus,
  ComplianceTag,
  MacroRegion,
  OfferSource,
  PricingKind,
} from '@gpubroker/contracts/offers';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An offer as its table keeps it: the earlier build's NOT NULL columns, where 0 means "not known", and our nullable ones. */
@Entity({ name: 'gpu_offers', schema: 'public', synchronize: false })
export class OfferEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('varchar', { name: 'external_id', length: 255 })
  externalId!: string;

  @Column('varchar', { name: 'gpu_type', length: 100 })
  gpuType!: string;

  @Column('integer', { name: 'gpu_memory_gb' })
  gpuMemoryGb!: number;

  @Column('integer', { name: 'cpu_cores' })
  cpuCores!: number;

  @Column('integer', { name: 'ram_gb' })
  ramGb!: number;

  @Column('integer', { name: 'storage_gb' })
  storageGb!: number;

  @Column('numeric', { name: 'price_per_hour', precision: 10, scale: 4 })
  pricePerHour!: string;

  @Column('varchar', { length: 3 })
  currency!: string;

  @Column('varchar', { length: 100 })
  region!: string;

  @Column('varchar', { name: 'availability_status', length: 20 })
  availabilityStatus!: AvailabilityStatus;

  @Column('varchar', { name: 'compliance_tags', length: 50, array: true })
  complianceTags!: ComplianceTag[];

  @Column('timestamptz', { name: 'last_seen_at' })
  lastSeenAt!: Date;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;

  @Column('uuid', { name: 'provider_id' })
  providerId!: string;

  @Column('varchar', { name: 'gpu_family', length: 60, nullable: true })
  gpuFamily!: string | null;

  @Column('numeric', { name: 'gpu_count', precision: 10, scale: 4, nullable: true })
  gpuCount!: string | null;

  @Column('numeric', { name: 'price_per_node_hour', precision: 12, scale: 4, nullable: true })
  pricePerNodeHour!: string | null;

  @Column('varchar', { length: 16, nullable: true })
  pricing!: PricingKind | null;

  @Column('varchar', { name: 'macro_region', length: 8, nullable: true })
  macroRegion!: MacroRegion | null;

  @Column('varchar', { length: 16, nullable: true })
  source!: OfferSource | null;

  @Column('varchar', { name: 'upstream_gpu_name', length: 255, nullable: true })
  upstreamGpuName!: string | null;

  @Column('varchar', { name: 'gpu_match', length: 16, nullable: true })
  gpuMatch!: string | null;

  @Column('boolean', { name: 'availability_known', nullable: true })
  availabilityKnown!: boolean | null;

  @Column('jsonb', { nullable: true })
  attributes!: Record<string, unknown> | null;

  @Column('timestamptz', { name: 'price_changed_at', nullable: true })
  priceChangedAt!: Date | null;

  @Column('timestamptz', { name: 'vanished_at', nullable: true })
  vanishedAt!: Date | null;

  @Column('varchar', { length: 64, nullable: true })
  fingerprint!: string | null;

  @Column('bigint', { name: 'catalogue_version', nullable: true })
  catalogueVersion!: string | null;
}
