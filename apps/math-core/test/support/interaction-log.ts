import { interactions, type Interaction } from '@gpubroker/contracts/events';
import { newEvent } from '@gpubroker/events/outbox';
import { openEventLog, type EventLog } from '@gpubroker/platform/events';

/** Writes into the event log what services see users do. */
export class InteractionLog {
  private readonly log: EventLog;

  constructor(databaseUrl: string) {
    this.log = openEventLog('test', { kafkaBrokers: [], databaseUrl, databaseDirectUrl: databaseUrl }, {});
  }

  /** @param times how often each is delivered */
  publish(seen: readonly Pick<Interaction, 'user' | 'offer' | 'kind'>[], times = 1): Promise<void> {
    const records = seen.map((one) => {
      const interaction = { ...one, tenant: 't', at: new Date().toISOString() };
      const { id, topic, key, payload, headers } = newEvent(interactions, interaction);
      return { topic, key, value: JSON.stringify(payload), headers: { ...headers, 'event-id': id } };
    });
    return this.log.transport.publish(Array.from({ length: times }, () => records).flat());
  }

  close(): Promise<void> {
    return this.log.close();
  }
}
