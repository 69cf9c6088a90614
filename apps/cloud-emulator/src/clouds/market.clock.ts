import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { CloudFloor } from './cloud.floor';
import { marketPace } from '../market/market-pace';

/** Moves the markets on while the emulator runs. After a sleep of the machine it goes on from where it stood. */
@Injectable()
export class MarketClock implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly floor: CloudFloor,
    private readonly speed: number,
  ) {}

  onApplicationBootstrap(): void {
    const { tickMs, stepsPerTick } = marketPace(this.speed);
    this.timer = setInterval(() => {
      this.floor.tick(stepsPerTick);
    }, tickMs);
    this.timer.unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }
}
