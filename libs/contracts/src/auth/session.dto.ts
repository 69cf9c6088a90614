import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { ACCESS_TOKEN_SECONDS } from './token-claims';

/** Far above any password or token of ours; what is longer is refused before anything is computed from it. */
const LONGEST_TEXT = 4096;

export class LoginDto {
  @ApiProperty({ description: 'In any case', example: 'grace@example.org', maxLength: 254 })
  @IsString()
  @MaxLength(254)
  email!: string;

  @ApiProperty({ example: 'four-quiet-llamas-rent-gpus', format: 'password', maxLength: LONGEST_TEXT })
  @IsString()
  @MaxLength(LONGEST_TEXT)
  password!: string;
}

export class RefreshDto {
  @ApiProperty({ description: 'As the last login or refresh gave it; works once', maxLength: LONGEST_TEXT })
  @IsString()
  @MaxLength(LONGEST_TEXT)
  refresh_token!: string;
}

export class LogoutDto {
  @ApiProperty({
    required: false,
    description: "The caller's own; its session ends too",
    type: String,
    maxLength: LONGEST_TEXT,
  })
  @IsOptional()
  @IsString()
  @MaxLength(LONGEST_TEXT)
  refresh_token?: string;
}

export class LoggedOutDto {
  @ApiProperty({ description: 'Always true: what was over already stays over' })
  logged_out!: true;
}

export class TokenPairDto {
  @ApiProperty({ description: 'RS256 JWT for the Authorization header' })
  access_token!: string;

  @ApiProperty({ description: 'Works once, for 7 days' })
  refresh_token!: string;

  @ApiProperty({ enum: ['bearer'], example: 'bearer' })
  token_type!: 'bearer';

  @ApiProperty({ description: 'Seconds that the access token lives', example: ACCESS_TOKEN_SECONDS })
  expires_in!: number;
}
