import { type DynamicModule, Module } from '@nestjs/common';
import { CloudFloor } from './clouds/cloud.floor';
import type { CloudEmulatorConfig } from './cloud-emulator.config';
import { ControlController } from './control/control.controller';
import { ControlService } from './control/control.service';
import { AnswerSender } from './http/answer.sender';
import { CloudsController } from './http/clouds.controller';
import { MarketClock } from './clouds/market.clock';

@Module({})
export class CloudEmulatorModule {
  static with({ seed, speed }: CloudEmulatorConfig): DynamicModule {
    return {
      module: CloudEmulatorModule,
      // The control doors come first: the clouds' wildcard would swallow them.
      controllers: [ControlController, CloudsController],
      providers: [
        { provide: CloudFloor, useFactory: () => new CloudFloor({ seed, speed, now: Date.now }) },
        {
          provide: MarketClock,
          useFactory: (floor: CloudFloor) => new MarketClock(floor, speed),
          inject: [CloudFloor],
        },
        ControlService,
        AnswerSender,
      ],
    };
  }
}
