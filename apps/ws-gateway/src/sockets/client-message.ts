import { ApiError, validationError } from '@gpubroker/platform/errors';
import { parseJsonBody } from '@gpubroker/platform/http';
import { z } from 'zod';
import { parseFilters, type PriceFilters } from '../subscriptions/price-filters';

export type ClientMessage =
  | { readonly type: 'subscribe'; readonly filters: PriceFilters }
  | { readonly type: 'resume'; readonly lastEventId: string };

const message = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ type: z.literal('subscribe'), filters: z.record(z.string(), z.unknown()).optional() }),
    z.strictObject({ type: z.literal('resume'), last_event_id: z.uuid() }),
  ],
  { error: 'must be subscribe or resume' },
);

/** @throws ApiError MALFORMED_REQUEST for what is not JSON, VALIDATION_ERROR for what is not a message of ours */
export function readClientMessage(text: string): ClientMessage {
  const parsed = message.safeParse(parseJsonBody(text));
  if (!parsed.success) {
    throw validationError(
      parsed.error.issues.map(({ path, message }) => ({ field: path.join('.') || '(message)', message })),
    );
  }
  if (parsed.data.type === 'resume') return { type: 'resume', lastEventId: parsed.data.last_event_id.toLowerCase() };
  const result = parseFilters(parsed.data.filters ?? {});
  if (!result.ok) throw validationError(result.problems);
  return { type: 'subscribe', filters: result.filters };
}

export const binaryMessage = (): ApiError => new ApiError('MALFORMED_REQUEST', 'Messages must be text');
