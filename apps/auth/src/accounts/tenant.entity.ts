import type { Plan } from '@gpubroker/contracts/auth';
import { Column, Entity, PrimaryColumn, VirtualColumn } from 'typeorm';

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
  /** Its users get no tokens while it is not. The earlier build's table has no column for it (SPEC S19). */
  @VirtualColumn({
    query: (alias) => `SELECT NOT EXISTS (SELECT 1 FROM auth.tenant_deactivations d WHERE d.tenant_id = ${alias}.id)`,
  })
  isActive!: boolean;
}
