import { ApiProperty } from '@nestjs/swagger';
import { PLANS, type Plan } from './auth-terms';

/** Who the bearer of a token is, whoever issued it: what our own access tokens say. */
export class IdentityDto {
  @ApiProperty({ description: 'E-mail address of the user', example: 'grace@example.org' })
  sub!: string;

  @ApiProperty({ description: 'Id of the user', format: 'uuid' })
  uid!: string;

  @ApiProperty({ description: 'Id of the tenant', format: 'uuid' })
  tenant_id!: string;

  @ApiProperty({ type: [String], description: 'What the user may do', example: ['user'] })
  roles!: string[];

  @ApiProperty({ enum: PLANS, description: 'Plan of the tenant', example: 'free' })
  plan!: Plan;
}
