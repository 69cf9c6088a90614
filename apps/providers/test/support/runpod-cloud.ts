import type { IncomingMessage, ServerResponse } from 'node:http';
import { LocalServer } from '@gpubroker/testing/local-server';

/** One card as RunPod's price list has it; prices in USD per GPU-hour. */
export interface Card {
  readonly id: string;
  readonly memoryInGb: number;
  readonly securePrice: number | null;
  readonly stockStatus?: string;
}

export type CloudMode = 'ok' | 'error' | 'garbage' | 'hang';

/** A server that answers RunPod's price list with the cards of the moment, or misbehaves. */
export class RunpodCloud {
  cards: unknown[] = [];
  mode: CloudMode = 'ok';
  calls = 0;
  private readonly server = new LocalServer((request, response) => this.answer(request, response));

  start(): Promise<string> {
    return this.server.start();
  }

  stop(): Promise<void> {
    return this.server.stop();
  }

  sells(...cards: Card[]): void {
    this.cards = cards.map(toRow);
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.calls += 1;
    for await (const _chunk of request);
    if (this.mode === 'hang') return;
    response.statusCode = this.mode === 'error' ? 500 : 200;
    response.setHeader('content-type', 'application/json');
    response.end(
      this.mode === 'ok' ? JSON.stringify({ data: { gpuTypes: this.cards } }) : this.mode === 'error' ? '{}' : '<html>',
    );
  }
}

function toRow({ id, memoryInGb, securePrice, stockStatus = 'High' }: Card): Record<string, unknown> {
  const stock = { stockStatus, uninterruptablePrice: securePrice, availableGpuCounts: [1], minVcpu: 8, minMemory: 32 };
  return {
    id,
    displayName: id,
    memoryInGb,
    maxGpuCount: 1,
    maxGpuCountSecureCloud: 1,
    maxGpuCountCommunityCloud: 1,
    secureCloud: true,
    communityCloud: false,
    securePrice,
    communityPrice: 0.5,
    secureSpotPrice: null,
    communitySpotPrice: null,
    ...Object.fromEntries(
      ['secure', 'community'].flatMap((cloud) =>
        [1, 2, 4, 8].map((count) => [`${cloud}${count}`, cloud === 'secure' && count === 1 ? stock : null]),
      ),
    ),
  };
}
