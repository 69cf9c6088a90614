import { ApiProperty } from '@nestjs/swagger';

/** RFC 7517; `n` and `e` of RSA keys, `crv` and `x` of EdDSA keys. */
export class JwkDto {
  @ApiProperty({ description: 'As in the header of the tokens it verifies (RFC 7638 thumbprint)' })
  kid!: string;

  @ApiProperty({ example: 'RS256' })
  alg!: string;

  @ApiProperty({ example: 'RSA' })
  kty!: string;

  @ApiProperty({ enum: ['sig'], example: 'sig' })
  use!: 'sig';

  @ApiProperty({ required: false, description: 'Modulus, base64url' })
  n?: string;

  @ApiProperty({ required: false, example: 'AQAB' })
  e?: string;

  @ApiProperty({ required: false, example: 'Ed25519' })
  crv?: string;

  @ApiProperty({ required: false, description: 'Public key, base64url' })
  x?: string;
}

export class JwksDto {
  @ApiProperty({ type: [JwkDto] })
  keys!: JwkDto[];
}
