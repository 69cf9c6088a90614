import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CollaborativeAnswerDto, CollaborativeRequestDto } from '@gpubroker/contracts/math';
import { ApiQuestion } from '../math-core.openapi';
import { parseCollaborative } from './collaborative-request';
import { CollaborativeService } from './collaborative.service';

@ApiTags('math')
@Controller('api/v2/math/collaborative-filter')
export class CollaborativeController {
  constructor(private readonly collaborative: CollaborativeService) {}

  @Post()
  @HttpCode(200)
  @ApiOperation({ operationId: 'filterCollaboratively', summary: 'Factorises ratings by alternating least squares' })
  @ApiBody({ type: CollaborativeRequestDto })
  @ApiOkResponse({ type: CollaborativeAnswerDto })
  @ApiQuestion()
  filterCollaboratively(@Body() body: unknown): Promise<CollaborativeAnswerDto> {
    return this.collaborative.factorise(parseCollaborative(body));
  }
}
