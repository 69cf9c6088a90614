import { setTimeout as sleep } from 'node:timers/promises';
import { Client, type ClientConfig } from 'pg';

/**
 * A pool's client that gives its socket up when a query got no answer in time. Kept, it would be handed out again, and
 * behind a network that swallows packets it stays silent until the system gives up, a quarter of an hour later.
 */
export class CuttingClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    const query = this.query.bind(this) as (...parameters: unknown[]) => unknown;
    Object.assign(this, {
      query: (...parameters: unknown[]): unknown => {
        const answer = query(...parameters);
        if (answer instanceof Promise) answer.catch(this.cutWhenLate);
        return answer;
      },
    });
  }

  private readonly cutWhenLate = (error: unknown): void => {
    if (error instanceof Error && error.message === 'Query read timeout') cutConnection(this);
  };
}

/** Closes the socket without a farewell: a frozen server would not read it, and waiting for its answer never ends. */
export function cutConnection(client: Client): void {
  // end() alone marks the client, so that a pool never hands it out again.
  client.end().catch(() => undefined);
  client.connection.stream.destroy();
}

const FAREWELL_MS = 500;

/** Says goodbye to a server that is expected to listen, and cuts the connection of one that is not. */
export async function endConnection(client: Client, isHealthy: boolean): Promise<void> {
  if (isHealthy)
    await Promise.race([client.end().catch(() => undefined), sleep(FAREWELL_MS, undefined, { ref: false })]);
  cutConnection(client);
}
