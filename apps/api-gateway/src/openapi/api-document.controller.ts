import { Controller, Get } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ErrorEnvelopeDto } from '@gpubroker/contracts/errors';
import type { ApiDocument } from './api-document';
import { ApiDocumentService } from './api-document.service';

@ApiTags('meta')
@ApiExtraModels(ErrorEnvelopeDto)
@Controller('api/v2/openapi.json')
export class ApiDocumentController {
  constructor(private readonly documents: ApiDocumentService) {}

  @Get()
  @ApiOperation({
    operationId: 'readApiDocument',
    summary: 'This document',
    description:
      'The whole API as OpenAPI 3, merged from the services. A service that is down stays in it as last seen and is named in `x-unavailable`.',
  })
  @ApiOkResponse({ description: 'OpenAPI 3 document', schema: { type: 'object', example: { openapi: '3.0.3' } } })
  read(): Promise<ApiDocument> {
    return this.documents.read();
  }
}
