import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { JwksDto } from '@gpubroker/contracts/auth';
import { Public } from '@gpubroker/platform/auth';
import { SigningKeys } from './signing-keys';

@Public()
@ApiTags('auth')
@Controller('.well-known')
export class JwksController {
  constructor(private readonly keys: SigningKeys) {}

  @Get('jwks.json')
  @Header('cache-control', 'public, max-age=60')
  @ApiOperation({ operationId: 'getJwks', summary: 'Public keys that access tokens are verified with' })
  @ApiOkResponse({ type: JwksDto })
  read(): Promise<JwksDto> {
    return this.keys.jwks();
  }
}
