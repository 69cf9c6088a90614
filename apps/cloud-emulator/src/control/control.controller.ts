import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ControlService, type MarketState } from './control.service';

/** The emulator's own doors. They begin with two underscores, which no cloud's prefix does. */
@Controller()
export class ControlController {
  constructor(private readonly control: ControlService) {}

  @Get('__mode')
  modes(): Record<string, string> {
    return this.control.modes();
  }

  @Post('__mode')
  @HttpCode(200)
  setMode(@Body() body: unknown): Record<string, string> {
    return this.control.setMode(body);
  }

  @Get('__market/:provider')
  lots(@Param('provider') provider: string): string[] {
    return this.control.lots(provider);
  }

  @Post('__market')
  @HttpCode(200)
  runMarket(@Body() body: unknown): MarketState {
    return this.control.runMarket(body);
  }
}
