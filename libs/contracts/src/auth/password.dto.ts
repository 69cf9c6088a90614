import { ApiProperty } from '@nestjs/swagger';
import { IsString, MaxLength } from 'class-validator';

const LONGEST_TEXT = 4096;

export class ChangePasswordDto {
  @ApiProperty({
    description: 'The present one',
    format: 'password',
    maxLength: LONGEST_TEXT,
    example: 'four-quiet-llamas-rent-gpus',
  })
  @IsString()
  @MaxLength(LONGEST_TEXT)
  current_password!: string;

  @ApiProperty({
    description: 'Characters; neither well known nor made of the address, and another than the present one',
    minLength: 8,
    maxLength: 128,
    format: 'password',
    example: 'five-loud-camels-sell-gpus',
  })
  @IsString()
  new_password!: string;
}

export class PasswordChangedDto {
  @ApiProperty({ description: "Always true; the user's other sessions are over", enum: [true], example: true })
  password_changed!: true;
}
