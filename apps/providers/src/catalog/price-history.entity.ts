import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** One change of an offer's price or availability, the earlier build's table as it is. */
@Entity({ name: 'price_history', schema: 'public', synchronize: false })
export class PriceHistoryEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'BY DEFAULT' })
  id!: string;

  @Column('numeric', { name: 'price_per_hour', precision: 10, scale: 4 })
  pricePerHour!: string;

  @Column('varchar', { name: 'availability_status', length: 20 })
  availabilityStatus!: string;

  @Column('timestamptz', { name: 'recorded_at' })
  recordedAt!: Date;

  @Column('uuid', { name: 'offer_id' })
  offerId!: string;
}
