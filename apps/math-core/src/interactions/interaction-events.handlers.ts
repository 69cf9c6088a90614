import { interactions, type Interaction } from '@gpubroker/contracts/events';
import { EventHandlers, OnEventBatch, type EventContext } from '@gpubroker/events/handlers';
import { InteractionStore } from './interaction-store';

/** What users do with offers, from whichever service saw it. */
@EventHandlers()
export class InteractionEvents {
  constructor(private readonly store: InteractionStore) {}

  @OnEventBatch(interactions)
  async onInteractions(payloads: readonly Interaction[], { events }: EventContext): Promise<void> {
    await this.store.add(
      payloads.flatMap((interaction, index) => {
        const event = events[index];
        return event === undefined ? [] : [{ eventId: event.id, interaction }];
      }),
    );
  }
}
