import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '@gpubroker/platform/auth';
import { LIVE_PAGE, LIVE_POLICY } from './live-page';
import { LIVE_SCRIPT } from './live-script';
import { LIVE_STYLE } from './live-style';

const POLICY = 'content-security-policy';
const CACHE = 'cache-control';
/** The three belong together; a new release must not meet a script of the old one. */
const ASK_FIRST = 'no-cache';

/** A page that shows prices moving: static, from this process, the same through the gateway. */
@ApiExcludeController()
@Public()
@Controller('api/v2/live')
export class LiveController {
  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Header(POLICY, LIVE_POLICY)
  @Header(CACHE, ASK_FIRST)
  page(): string {
    return LIVE_PAGE;
  }

  @Get('live.js')
  @Header('content-type', 'text/javascript; charset=utf-8')
  @Header(CACHE, ASK_FIRST)
  script(): string {
    return LIVE_SCRIPT;
  }

  @Get('live.css')
  @Header('content-type', 'text/css; charset=utf-8')
  @Header(CACHE, ASK_FIRST)
  style(): string {
    return LIVE_STYLE;
  }
}
