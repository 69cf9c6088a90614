import { BadRequestException, Injectable, NotFoundException } from '@nestjs/common';
import { z } from 'zod';
import { CloudFloor } from '../clouds/cloud.floor';
import { microUsd } from '../market/money';
import { type UpstreamMode } from '../modes/upstream-mode';
import { type MarketCommand, marketCommand, modeCommand } from './control-command';

export interface MarketState {
  readonly provider: string;
  readonly steps: number;
  readonly frozen: boolean;
}

/** Sets the clouds' modes and stops, steps or pins their markets, for demonstrations and tests. */
@Injectable()
export class ControlService {
  constructor(private readonly floor: CloudFloor) {}

  modes(): Record<string, UpstreamMode> {
    return this.floor.modes.all();
  }

  setMode(body: unknown): Record<string, UpstreamMode> {
    const { provider, mode } = read(modeCommand, body);
    if (!this.floor.modes.set(provider, mode)) throw new NotFoundException(`no cloud is emulated as ${provider}`);
    return this.modes();
  }

  lots(provider: string): string[] {
    return this.cloud(provider)
      .market.quotes()
      .map(({ plan }) => plan.id);
  }

  runMarket(body: unknown): MarketState {
    const command = read(marketCommand, body);
    const cloud = this.cloud(command.provider);
    this.run(command);
    return { provider: cloud.slug, steps: cloud.market.steps, frozen: this.floor.isFrozen(cloud.slug) };
  }

  private run(command: MarketCommand): void {
    switch (command.action) {
      case 'freeze':
        this.floor.freeze(command.provider);
        return;
      case 'thaw':
        this.floor.thaw(command.provider);
        return;
      case 'tick':
        this.floor.advance(command.provider, command.steps);
        return;
      case 'set_price':
        this.pin(command.provider, command.lot, command.price);
    }
  }

  private pin(provider: string, lot: string, price: string | null): void {
    const found = this.cloud(provider).market.pin(lot, price === null ? null : microUsd(price));
    if (!found) throw new NotFoundException(`${provider} has no lot called ${lot}`);
  }

  private cloud(provider: string) {
    const cloud = this.floor.cloud(provider);
    if (cloud === undefined) throw new NotFoundException(`no cloud is emulated as ${provider}`);
    return cloud;
  }
}

function read<Schema extends z.ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const parsed = schema.safeParse(body);
  if (!parsed.success) throw new BadRequestException(z.prettifyError(parsed.error));
  return parsed.data;
}
