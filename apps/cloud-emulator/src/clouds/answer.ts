/**
 * What a cloud answers. `hang` and `endless` have no status that a client could wait for, so they are shapes of their
 * own rather than flags on a reply.
 */
export type Answer =
  | {
      readonly kind: 'reply';
      readonly status: number;
      readonly contentType: string;
      readonly body: string;
      readonly delayMs: number;
    }
  | { readonly kind: 'hang' }
  | { readonly kind: 'endless'; readonly head: string };

export type Reply = Extract<Answer, { kind: 'reply' }>;

export function json(body: unknown, status = 200): Reply {
  return { kind: 'reply', status, contentType: 'application/json', body: JSON.stringify(body), delayMs: 0 };
}

export function text(body: string, status: number, contentType = 'text/plain; charset=utf-8'): Reply {
  return { kind: 'reply', status, contentType, body, delayMs: 0 };
}
