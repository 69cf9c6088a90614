import { z } from 'zod';
import type { EventContract } from './event-contract';
import { timeValue } from './wire-values';

export const INTERACTION_KINDS = ['viewed', 'compared', 'booked'] as const;
export type InteractionKind = (typeof INTERACTION_KINDS)[number];

const interactionSchema = z.object({
  user: z.string().min(1),
  tenant: z.string().min(1),
  offer: z.string().min(1),
  kind: z.enum(INTERACTION_KINDS),
  at: timeValue,
});

export type Interaction = z.infer<typeof interactionSchema>;

/** What a user did with an offer; feeds the collaborative part of the recommendations. */
export const interactions: EventContract<Interaction> = {
  topic: 'interactions',
  version: 1,
  versions: { 1: interactionSchema },
  compacted: false,
  key: (interaction) => interaction.user,
};
