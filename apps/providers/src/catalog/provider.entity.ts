import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A cloud. Columns up to created_at are the earlier build's; the nullable ones are ours. */
@Entity({ name: 'providers', schema: 'public', synchronize: false })
export class ProviderEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('varchar', { length: 100, unique: true })
  name!: string;

  @Column('varchar', { name: 'display_name', length: 255 })
  displayName!: string;

  @Column('varchar', { name: 'api_base_url', length: 200 })
  apiBaseUrl!: string;

  @Column('varchar', { length: 20 })
  status!: 'active' | 'inactive' | 'maintenance';

  @Column('double precision', { name: 'reliability_score' })
  reliabilityScore!: number;

  @Column('timestamptz', { name: 'last_sync_at', nullable: true })
  lastSyncAt!: Date | null;

  @Column('integer', { name: 'error_count' })
  errorCount!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('varchar', { length: 16, nullable: true })
  source!: 'live' | 'catalog' | 'emulator' | null;

  @Column('integer', { name: 'sync_interval_seconds', nullable: true })
  syncIntervalSeconds!: number | null;

  @Column('timestamptz', { name: 'last_good_sync_at', nullable: true })
  lastGoodSyncAt!: Date | null;

  @Column('bigint', { name: 'catalogue_version', nullable: true })
  catalogueVersion!: string | null;
}
