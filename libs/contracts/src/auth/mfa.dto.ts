import { ApiProperty } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { MFA_TOKEN_SECONDS } from './token-claims';

/** Longer than any code; what is longer is refused before anything is computed from it. */
const LONGEST_CODE = 64;
const LONGEST_TEXT = 4096;

export class MfaEnrollDto {
  @ApiProperty({
    type: String,
    required: false,
    description: 'The present one; needed where the session is older than 15 minutes',
    format: 'password',
    maxLength: LONGEST_TEXT,
    example: 'four-quiet-llamas-rent-gpus',
  })
  @IsOptional()
  @IsString()
  @MaxLength(LONGEST_TEXT)
  password?: string;
}

export class MfaEnrolmentDto {
  @ApiProperty({
    description: 'For a QR code; SHA-1, 6 digits, 30 seconds',
    example: 'otpauth://totp/GPUBROKER:grace%40example.org?secret=JBSWY3DPEHPK3PXP&issuer=GPUBROKER',
  })
  otpauth_uri!: string;

  @ApiProperty({ description: 'The same secret to type, Base32; shown this once', example: 'JBSWY3DPEHPK3PXP' })
  secret!: string;

  @ApiProperty({
    description: 'Each stands for a code once, when the device is lost; shown this once',
    type: [String],
    example: ['k7fq-2mzd-x4ua-hn6t-5vbe-rw3y'],
  })
  recovery_codes!: string[];
}

export class MfaCodeDto {
  @ApiProperty({ description: 'Six digits of the authenticator', example: '492039', maxLength: LONGEST_CODE })
  @IsString()
  @MaxLength(LONGEST_CODE)
  code!: string;
}

export class MfaLoginDto {
  @ApiProperty({
    description: `As login gave it; lives ${MFA_TOKEN_SECONDS} seconds and ends with its fifth wrong code`,
    maxLength: LONGEST_TEXT,
    example: 'eyJhbGciOiJSUzI1NiIsInR5cCI6Im1mYStqd3QifQ.e30.c2ln',
  })
  @IsString()
  @MaxLength(LONGEST_TEXT)
  mfa_token!: string;

  @ApiProperty({
    description: 'Six digits of the authenticator, or a recovery code; either works once',
    example: '492039',
    maxLength: LONGEST_CODE,
  })
  @IsString()
  @MaxLength(LONGEST_CODE)
  code!: string;
}

export class MfaDisableDto {
  @ApiProperty({
    description: 'The present one',
    format: 'password',
    maxLength: LONGEST_TEXT,
    example: 'four-quiet-llamas-rent-gpus',
  })
  @IsString()
  @MaxLength(LONGEST_TEXT)
  password!: string;

  @ApiProperty({
    description: 'Six digits of the authenticator, or a recovery code',
    example: '492039',
    maxLength: LONGEST_CODE,
  })
  @IsString()
  @MaxLength(LONGEST_CODE)
  code!: string;
}

export class MfaStateDto {
  @ApiProperty({ description: 'Whether signing in takes a second factor', example: true })
  mfa_enabled!: boolean;
}

/** What login answers in place of tokens where a second factor is asked for. */
export class MfaRequiredDto {
  @ApiProperty({ description: 'Always true: a code must follow', enum: [true], example: true })
  mfa_required!: true;

  @ApiProperty({
    description: `For mfa/login only, within ${MFA_TOKEN_SECONDS} seconds`,
    example: 'eyJhbGciOiJSUzI1NiIsInR5cCI6Im1mYStqd3QifQ.e30.c2ln',
  })
  mfa_token!: string;
}
