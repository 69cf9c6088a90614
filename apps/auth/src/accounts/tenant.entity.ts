import type { Plan } from '@gpubroker/contracts/auth';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity({ name: 'tenants', schema: 'public', synchronize: false })
export class TenantEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('varchar', { length: 255, unique: true })
  name!: string;

  @Column('varchar', { length: 20 })
  plan!: Plan;

  @Column('integer', { name: 'rate_limit_rps' })
  rateLimitRps!: number;

  @Column('integer', { name: 'ws_limit' })
  wsLimit!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
