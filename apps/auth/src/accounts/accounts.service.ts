import { Injectable } from '@nestjs/common';
import type { ProfileDto } from '@gpubroker/contracts/auth';
import { Database } from '@gpubroker/persistence/database';
import { ApiError } from '@gpubroker/platform/errors';
import type { EntityManager } from 'typeorm';
import { asMember, normalEmail, toProfile } from './account';
import { UserEntity } from './user.entity';

@Injectable()
export class AccountsService {
  constructor(private readonly database: Database) {}

  /** By address in any case; where the earlier build left two spellings, the older account. */
  findByEmail(email: string): Promise<UserEntity | null> {
    return this.database
      .repository(UserEntity)
      .createQueryBuilder('user')
      .leftJoinAndSelect('user.tenant', 'tenant')
      .where('lower(user.email) = :email', { email: normalEmail(email) })
      .orderBy('user.createdAt')
      .getOne();
  }

  findById(id: string, manager: EntityManager = this.database.dataSource.manager): Promise<UserEntity | null> {
    return manager.findOne(UserEntity, { where: { id }, relations: { tenant: true } });
  }

  /** @throws ApiError UNAUTHENTICATED when the user of a token is no more, or not active */
  async active(id: string, manager?: EntityManager): Promise<UserEntity> {
    const user = await this.findById(id, manager);
    if (!user?.isActive) throw new ApiError('UNAUTHENTICATED', 'Sign in again');
    return user;
  }

  /** @throws as `active` */
  async profile(id: string): Promise<ProfileDto> {
    return toProfile(asMember(await this.active(id)));
  }
}
