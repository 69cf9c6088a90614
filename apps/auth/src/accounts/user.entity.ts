import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn, type Relation } from 'typeorm';
import { TenantEntity } from './tenant.entity';

/** A person. The columns are Django's, none has a default: an insert that leaves one out fails. */
@Entity({ name: 'users', schema: 'public', synchronize: false })
export class UserEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('varchar', { length: 254, unique: true })
  email!: string;

  /** Django's own hash; `!` and the like when there is none. Read only where passwordHash is empty. */
  @Column('varchar', { length: 128 })
  password!: string;

  @Column('varchar', { name: 'password_hash', length: 255 })
  passwordHash!: string;

  @Column('varchar', { name: 'full_name', length: 255 })
  fullName!: string;

  @Column('varchar', { length: 255, nullable: true })
  organization!: string | null;

  @Column('varchar', { length: 50 })
  role!: string;

  @Column('boolean', { name: 'is_superuser' })
  isSuperuser!: boolean;

  @Column('boolean', { name: 'is_staff' })
  isStaff!: boolean;

  @Column('varchar', { name: 'first_name', length: 150 })
  firstName!: string;

  @Column('varchar', { name: 'last_name', length: 150 })
  lastName!: string;

  @Column('boolean', { name: 'mfa_enabled' })
  mfaEnabled!: boolean;

  @Column('varchar', { name: 'mfa_secret', length: 255, nullable: true })
  mfaSecret!: string | null;

  @Column('boolean', { name: 'is_active' })
  isActive!: boolean;

  @Column('timestamptz', { name: 'last_login', nullable: true })
  lastLogin!: Date | null;

  @Column('timestamptz', { name: 'date_joined' })
  dateJoined!: Date;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;

  @Column('uuid', { name: 'tenant_id', nullable: true })
  tenantId!: string | null;

  @ManyToOne(() => TenantEntity, { nullable: true, createForeignKeyConstraints: false })
  @JoinColumn({ name: 'tenant_id' })
  tenant!: Relation<TenantEntity> | null;
}
