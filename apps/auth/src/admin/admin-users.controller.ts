import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import {
  AdminUserDto,
  AdminUserListDto,
  AdminUserQueryDto,
  ChangeUserDto,
  CreateUserDto,
} from '@gpubroker/contracts/auth';
import { Roles } from '@gpubroker/platform/auth';
import { ApiProblem, BODY_PROBLEMS } from '@gpubroker/platform/openapi';
import { ActorOf, type Actor } from './actor.decorator';
import { READ_PROBLEMS } from './admin.openapi';
import { KnownIdPipe } from './known-id.pipe';
import { UsersAdminService } from './users-admin.service';

const USER_ID = { name: 'user_id', description: 'Id of the user', schema: { type: 'string', format: 'uuid' } } as const;

@ApiTags('admin')
@ApiBearerAuth()
@Roles('admin')
@Controller('api/v2/admin/users')
export class AdminUsersController {
  constructor(private readonly users: UsersAdminService) {}

  @Get()
  @ApiOperation({ operationId: 'listUsers', summary: 'Users of every tenant, filtered, sorted and paged' })
  @ApiOkResponse({ type: AdminUserListDto })
  @ApiProblem(...READ_PROBLEMS, 'VALIDATION_ERROR')
  list(@Query() query: AdminUserQueryDto, @ActorOf() actor: Actor): Promise<AdminUserListDto> {
    return this.users.list(query, actor);
  }

  @Post()
  @ApiOperation({ operationId: 'createUser', summary: 'A new user of any role, in a tenant that exists or a new one' })
  @ApiCreatedResponse({ type: AdminUserDto })
  @ApiProblem(...READ_PROBLEMS, ...BODY_PROBLEMS, 'CONFLICT', 'SERVICE_UNAVAILABLE')
  create(@Body() wanted: CreateUserDto, @ActorOf() actor: Actor): Promise<AdminUserDto> {
    return this.users.create(wanted, actor);
  }

  @Get(':user_id')
  @ApiOperation({ operationId: 'getUser', summary: 'One user' })
  @ApiParam(USER_ID)
  @ApiOkResponse({ type: AdminUserDto })
  @ApiProblem(...READ_PROBLEMS, 'NOT_FOUND')
  get(@Param('user_id', KnownIdPipe) id: string, @ActorOf() actor: Actor): Promise<AdminUserDto> {
    return this.users.get(id, actor);
  }

  @Patch(':user_id')
  @ApiOperation({
    operationId: 'changeUser',
    summary: 'Changes what is named; tokens that say otherwise are refused everywhere within 5 s',
    description: 'The last administrator who may sign in can be neither deactivated nor given another role: 409.',
  })
  @ApiParam(USER_ID)
  @ApiOkResponse({ type: AdminUserDto })
  @ApiProblem(...READ_PROBLEMS, ...BODY_PROBLEMS, 'NOT_FOUND', 'CONFLICT')
  change(
    @Param('user_id', KnownIdPipe) id: string,
    @Body() wanted: ChangeUserDto,
    @ActorOf() actor: Actor,
  ): Promise<AdminUserDto> {
    return this.users.change(id, wanted, actor);
  }

  @Post(':user_id/deactivate')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'deactivateUser',
    summary: 'Ends every session of the user, who may no longer sign in; nobody is ever deleted',
    description: 'The last administrator who may sign in cannot be deactivated: 409.',
  })
  @ApiParam(USER_ID)
  @ApiOkResponse({ type: AdminUserDto })
  @ApiProblem(...READ_PROBLEMS, 'NOT_FOUND', 'CONFLICT')
  deactivate(@Param('user_id', KnownIdPipe) id: string, @ActorOf() actor: Actor): Promise<AdminUserDto> {
    return this.users.change(id, { is_active: false }, actor);
  }
}
