import {
  Body,
  Controller,
  Get,
  HttpCode,
  HttpException,
  InternalServerErrorException,
  Module,
  Param,
  Post,
  Query,
  type DynamicModule,
} from '@nestjs/common';
import { ApiError } from '@gpubroker/platform/errors';
import { defineService } from '@gpubroker/platform/service';
import { CACHE, type Cache } from '@gpubroker/platform/cache';
import { HealthRegistry, type HealthCheck } from '@gpubroker/platform/health';
import { InjectLogger } from '@gpubroker/platform/logging';
import { ServiceMetrics } from '@gpubroker/platform/metrics';
import { currentTrace, traceparent } from '@gpubroker/platform/tracing';
import { Inject } from '@nestjs/common';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsBoolean, IsInt, IsOptional, IsString, Max, Min, ValidateNested } from 'class-validator';
import type { Logger } from 'pino';
import { z } from 'zod';

export class TagDto {
  @IsString()
  label!: string;
}

export class ThingDto {
  @IsString()
  name!: string;

  @IsInt()
  @Min(1)
  @Max(10)
  size!: number;

  @IsOptional()
  @IsBoolean()
  sold?: boolean;

  @IsOptional()
  @ArrayMaxSize(5)
  @ValidateNested({ each: true })
  @Type(() => TagDto)
  tags?: TagDto[];
}

export class ThingQueryDto {
  @IsOptional()
  @IsString()
  name?: string;
}

/** What a spec wants a route to throw, log or wait for; set from outside because the service is one of many in the process. */
export interface TinyScript {
  thrown?: unknown;
  logged?: Record<string, unknown>;
  wait?: Promise<void>;
  checks?: readonly HealthCheck[];
  onShutdown?: () => Promise<void>;
}

const SCRIPT = Symbol('SCRIPT');

@Controller('api/v2/things')
export class ThingsController {
  constructor(
    @Inject(SCRIPT) private readonly script: TinyScript,
    @Inject(CACHE) private readonly cache: Cache,
    @InjectLogger() private readonly logger: Logger,
    private readonly metrics: ServiceMetrics,
    health: HealthRegistry,
  ) {
    for (const check of script.checks ?? []) health.add(check);
    this.metrics.counter('tiny_things_total', 'Things made').inc();
  }

  @Get()
  list(@Query() query: ThingQueryDto): { items: unknown[]; name: string | null } {
    return { items: [], name: query.name ?? null };
  }

  @Post()
  create(@Body() thing: ThingDto): ThingDto {
    return thing;
  }

  @Post('raw')
  @HttpCode(200)
  raw(@Body() body: unknown): { body: unknown; polluted: unknown } {
    return { body: body ?? null, polluted: ({} as Record<string, unknown>).polluted ?? null };
  }

  @Get('throwing')
  throwing(): never {
    throw this.script.thrown;
  }

  @Get('bug')
  bug(): unknown {
    const missing = undefined as unknown as { secretInternals: string };
    return missing.secretInternals;
  }

  @Get('teapot')
  teapot(): never {
    throw new HttpException('short and stout', 418);
  }

  @Get('masked')
  masked(): never {
    throw new InternalServerErrorException('table users has no column shoe_size');
  }

  @Get('busy')
  busy(): never {
    throw new ApiError('RATE_LIMITED', 'Too many', { retryAfterSeconds: 7 });
  }

  @Get('logging')
  logging(): { trace: string | null; traceparent: string | null } {
    this.logger.info(this.script.logged ?? {}, 'from the handler');
    return { trace: currentTrace()?.traceId ?? null, traceparent: traceparent() ?? null };
  }

  @Post('logging')
  @HttpCode(200)
  loggingAfterBody(@Body() _body: unknown): { trace: string | null } {
    this.logger.info({}, 'from the handler, after the body');
    return { trace: currentTrace()?.traceId ?? null };
  }

  @Get('waiting')
  async waiting(): Promise<{ waited: true }> {
    await this.script.wait;
    return { waited: true };
  }

  @Get('cached/:key')
  async cached(@Param('key') key: string): Promise<{ before: string | null }> {
    const before = await this.cache.get(key);
    await this.cache.set(key, 'kept', 60);
    return { before };
  }

  @Get(':id')
  one(@Param('id') id: string): { id: string } {
    return { id };
  }

  onApplicationShutdown(): Promise<void> | void {
    return this.script.onShutdown?.();
  }
}

@Module({})
class TinyModule {}

/** A service as small as one can be, with a route for each thing that can go wrong. */
export const tinyService = (script: TinyScript = {}, name = 'tiny') =>
  defineService({
    name,
    defaultPort: 0,
    env: { TINY_GREETING: z.string().default('hello').describe('What it says') },
    toConfig: ({ TINY_GREETING }) => ({ greeting: TINY_GREETING }),
    module: (): DynamicModule => ({
      module: TinyModule,
      controllers: [ThingsController],
      providers: [{ provide: SCRIPT, useValue: script }],
    }),
  });
